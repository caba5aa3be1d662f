package dev.countersign.approval.requests;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.edits.PlannedEdit;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.approval.prompts.StoredPrompt;
import dev.countersign.approval.requests.RequestJudge.Judgement;
import dev.countersign.protocol.Json;
import io.vertx.mutiny.sqlclient.Row;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Bounds what one session may ask people at once, in prompts and in bytes of what they show. Over
 * the bound a person is not asked: the request is denied, by the system, and says why.
 *
 * <p>The requests of a session are decided by one replica at a time, but for the moment in which
 * its partition moves; so long a session may be over the bound by a batch.
 */
@ApplicationScoped
public class PromptRoom {
  private static final String OPEN = " WHERE r.state <> 'decided' AND r.prompt_id IS NOT NULL";

  private final Database database;
  private final int most;
  private final long mostBytes;

  public PromptRoom(Database database, ApprovalConfig config) {
    this.database = database;
    this.most = config.sessionPrompts();
    this.mostBytes = config.sessionPromptBytes();
  }

  private record Used(long prompts, long bytes) {
    private static final Used NOTHING = new Used(0, 0);

    Used with(NewRequest request) {
      PlannedEdit edit = request.edit();
      long shown =
          edit == null ? 0L : Json.write(edit.shown()).length + Json.write(edit.document()).length;
      return new Used(prompts + 1, bytes + request.call().length + shown);
    }
  }

  /** The same judgements, in their order, but with a denial for each prompt that has no room. */
  public <K> Map<K, Judgement> limit(Map<K, Judgement> judged) {
    List<RequestKey> asking =
        judged.values().stream().filter(PromptRoom::asks).map(PromptRoom::key).distinct().toList();
    if (asking.isEmpty()) {
      return judged;
    }
    Map<SessionKey, Used> used = used(asking);
    Set<RequestKey> counted = open(asking);
    Map<K, Judgement> limited = new LinkedHashMap<>();
    judged.forEach((key, judgement) -> limited.put(key, limit(judgement, used, counted)));
    return limited;
  }

  private Judgement limit(
      Judgement judgement, Map<SessionKey, Used> used, Set<RequestKey> counted) {
    if (!asks(judgement) || !counted.add(key(judgement))) {
      return judgement;
    }
    NewRequest request = ((Judgement.Store) judgement).request();
    SessionKey session = request.key().session();
    Used now = used.getOrDefault(session, Used.NOTHING);
    Used then = now.with(request);
    if (then.prompts() > most || then.bytes() > mostBytes) {
      return new Judgement.Store(request.ending(full(now)), null, List.of());
    }
    used.put(session, then);
    return judgement;
  }

  private Outcome full(Used now) {
    return Outcomes.system(
        "too_many_prompts",
        ("%d prompts of this session, of %d bytes, already wait for a person; the"
                + " limits are %d and %d. Ask again when some are decided.")
            .formatted(now.prompts(), now.bytes(), most, mostBytes));
  }

  private static boolean asks(Judgement judgement) {
    return judgement instanceof Judgement.Store keep && keep.request().question() != null;
  }

  private static RequestKey key(Judgement judgement) {
    return ((Judgement.Store) judgement).request().key();
  }

  private Map<SessionKey, Used> used(List<RequestKey> requests) {
    Columns<SessionKey> keys =
        new Columns<>(requests.stream().map(RequestKey::session).distinct().toList())
            .text("tenant", SessionKey::tenant)
            .text("session_id", SessionKey::id);
    String sql =
        "SELECT r.tenant, r.session_id, count(*) AS prompts, sum("
            + StoredPrompt.BYTES
            + ")::bigint AS bytes FROM "
            + keys.unnest("k")
            + " JOIN request r ON r.tenant = k.tenant AND r.session_id = k.session_id"
            + StoredPrompt.JOINS
            + OPEN
            + " GROUP BY r.tenant, r.session_id";
    Map<SessionKey, Used> used = new HashMap<>();
    for (Row row : database.query(sql, keys.params())) {
      used.put(
          new SessionKey(row.getString("tenant"), row.getString("session_id")),
          new Used(row.getLong("prompts"), row.getLong("bytes")));
    }
    return used;
  }

  /** Those that came before and are open: they have their room, whatever comes under their ids. */
  private Set<RequestKey> open(List<RequestKey> requests) {
    Columns<RequestKey> keys = RequestStore.keys(requests);
    String sql =
        "SELECT r.tenant, r.session_id, r.request_id FROM "
            + keys.unnest("k")
            + " JOIN request r USING (tenant, session_id, request_id)"
            + OPEN;
    return database.query(sql, keys.params()).stream()
        .map(RequestRows::key)
        .collect(Collectors.toCollection(HashSet::new));
  }
}
