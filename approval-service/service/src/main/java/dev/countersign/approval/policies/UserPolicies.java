package dev.countersign.approval.policies;

import dev.countersign.approval.db.Database;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import java.util.List;

/**
 * What holds for a user in every session: the managed rules and the user's document.
 *
 * @param fence of session 0, since there is none
 * @param policy null if the rules in force cannot be used
 */
public record UserPolicies(Fence fence, CompiledPolicy policy) {
  private static final SessionSettings ANY_SESSION =
      new SessionSettings("default", null, null, null, null, null, null, null, null, null, null);
  private static final String SQL =
      """
      SELECT o.document, 0::bigint AS fence_session, coalesce(o.version, 0) AS fence_document,
        m.revision AS fence_managed,
        (SELECT r.body FROM managed_rules r WHERE r.revision = m.revision) AS managed,
        clock_timestamp() AS now
      FROM managed_fence m
      LEFT JOIN override_projection o ON o.tenant = $1 AND o.user_id = $2
      """;

  /** Those of one user as a transaction sees them. */
  public static UserPolicies load(SqlClient client, String tenant, String user) {
    Row row = Database.query(client, SQL, Tuple.of(tenant, user)).get(0);
    return new UserPolicies(RequestRows.fence(row), compiled(row));
  }

  private static CompiledPolicy compiled(Row row) {
    byte[] document = RequestRows.bytes(row, "document");
    String managed = row.getString("managed");
    try {
      return CompiledPolicy.compile(
          PolicyAssembler.assemble(
              ANY_SESSION,
              List.of(),
              document == null ? UserDocument.EMPTY : Json.read(document, UserDocument.class),
              managed == null ? ManagedRulesFile.NONE : ManagedRulesFile.parse(managed),
              RequestRows.instant(row, "now")));
    } catch (InvalidRulesException | IllegalArgumentException e) {
      return null;
    }
  }
}
