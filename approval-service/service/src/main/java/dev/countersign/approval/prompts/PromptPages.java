package dev.countersign.approval.prompts;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.Slice;
import dev.countersign.protocol.Json;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Lists of undecided prompts, oldest first, in pages that end at their bytes. A prompt that stays
 * undecided while its pages are read is on exactly one of them.
 */
@ApplicationScoped
public class PromptPages {
  /** What the stored inputs, edits and options of one page come to, but for a single prompt. */
  private static final long MOST_BYTES = 4L * Json.MAX_REQUEST_BYTES;

  private final Database database;

  public PromptPages(Database database) {
    this.database = database;
  }

  /**
   * Which page is wanted.
   *
   * @param after what the page before named as its next; 0 for the first
   * @param limit how many prompts at most
   */
  public record Wanted(long after, int limit) {}

  /**
   * A page.
   *
   * @param next where the one that follows begins; null if this is the last
   */
  public record Page(List<StoredPrompt> prompts, Long next) {}

  /** The prompts of an owner. */
  public Page ofOwner(String tenant, String owner, Wanted wanted) {
    return page("r.tenant = $1 AND r.owner = $4", wanted, tenant, owner);
  }

  /** The prompts of a tenant. */
  public Page ofTenant(String tenant, Wanted wanted) {
    return page("r.tenant = $1", wanted, tenant);
  }

  /** The prompts of one session. */
  public Page ofSession(String tenant, String sessionId, Wanted wanted) {
    return page("r.tenant = $1 AND r.session_id = $4", wanted, tenant, sessionId);
  }

  private Page page(String whose, Wanted wanted, String tenant, String... more) {
    Tuple params = Tuple.of(tenant, wanted.after(), wanted.limit() + 1);
    List.of(more).forEach(params::addString);
    List<Row> found =
        database.query(
            "SELECT r.seq, "
                + StoredPrompt.BYTES
                + " AS bytes FROM request r"
                + StoredPrompt.JOINS
                + " WHERE "
                + whose
                + " AND r.state <> 'decided' AND r.prompt_id IS NOT NULL AND r.seq > $2"
                + " ORDER BY r.seq LIMIT $3",
            params);
    boolean last = found.size() <= wanted.limit();
    Slice slice = Slice.of(last ? found : found.subList(0, wanted.limit()), MOST_BYTES);
    Long[] shown = slice.rows().stream().map(row -> row.getLong("seq")).toArray(Long[]::new);
    return new Page(read(tenant, shown), last && slice.whole() ? null : shown[shown.length - 1]);
  }

  /** Those that are still undecided. */
  private List<StoredPrompt> read(String tenant, Long[] seqs) {
    String sql =
        "SELECT "
            + StoredPrompt.COLUMNS
            + " FROM request r"
            + StoredPrompt.JOINS
            + " WHERE r.tenant = $1 AND r.seq = ANY ($2) AND r.state <> 'decided' ORDER BY r.seq";
    return database.query(sql, Tuple.of(tenant, seqs)).stream().map(StoredPrompt::read).toList();
  }
}
