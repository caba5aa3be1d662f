package dev.countersign.approval.policies;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Columns;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.db.StoredJson;
import dev.countersign.approval.policies.SessionPolicy.LiveGrant;
import dev.countersign.approval.profiles.ProfileReader;
import dev.countersign.approval.requests.RequestRows;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.Fence;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The policy in force for a session, compiled once per fence.
 *
 * <p>What is handed out is consistent: fence, grants and policy are of one database snapshot, or
 * the policy is one that was compiled under the same fence.
 */
@ApplicationScoped
public class PolicyBook {
  private static final String STATE =
      """
      s.tenant, s.id, s.owner, s.closed_at, s.version AS fence_session,
      coalesce(p.version, 0) AS fence_document,
      (SELECT coalesce(max(revision), 0) FROM managed_rules) AS fence_managed,
      clock_timestamp() AS now,
      (SELECT json_agg(json_build_object('id', g.id, 'turnId', g.turn_id, 'tool', g.tool,
         'digest', g.digest, 'resource', g.resource, 'usesLeft', g.uses_left,
         'inPlan', g.digest IS NOT NULL AND EXISTS (SELECT 1 FROM request r
           WHERE r.tenant = s.tenant AND r.session_id = g.session_id
             AND r.request_id = g.request_id AND 'plan' IN (r.mode, r.claimed_mode)),
         'givenAt', to_char(g.given_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
         ORDER BY g.uses_left IS NOT NULL, g.seq)::text
       FROM (SELECT * FROM permission_grant
             WHERE tenant = s.tenant AND session_id = s.id AND dead_at IS NULL
             UNION ALL
             SELECT * FROM permission_grant
             WHERE tenant = s.tenant AND user_id = s.owner AND session_id IS NULL
               AND dead_at IS NULL) g
       WHERE g.ends_at IS NULL OR g.ends_at > clock_timestamp()) AS grants
      """;
  private static final String BODIES =
      """
      , s.settings, p.document,
      (SELECT body FROM managed_rules ORDER BY revision DESC LIMIT 1) AS managed,
      (SELECT json_agg(to_json(a.settings))::text FROM session a
       WHERE a.tenant = s.tenant AND a.id = ANY (s.path)) AS ancestors,
      (SELECT json_object_agg('custom(' || c.name || ')', c.body)::text FROM custom_profile c
       WHERE c.tenant = s.tenant AND c.body IS NOT NULL AND (c.owner = s.owner OR c.shared)
         AND 'custom(' || c.name || ')' IN (SELECT u.profile FROM session u
           WHERE u.tenant = s.tenant AND (u.id = s.id OR u.id = ANY (s.path)))) AS profiles
      """;

  private record CacheKey(SessionKey session, Fence fence) {}

  private record Compiled(CompiledPolicy policy, String problem, Instant until) {}

  private final Database database;
  private final Map<CacheKey, Compiled> cache;

  public PolicyBook(Database database, ApprovalConfig config) {
    this.database = database;
    int limit = config.policyCacheSize();
    this.cache =
        new LinkedHashMap<>(64, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<CacheKey, Compiled> eldest) {
            return size() > limit;
          }
        };
  }

  /** The policies of these sessions; one that does not exist is left out. */
  public Map<SessionKey, SessionPolicy> load(Collection<SessionKey> sessions) {
    return load(sessions, (columns, sql) -> database.query(sql, columns.params()), true);
  }

  /**
   * The policy of one session as a transaction sees it. It is not remembered: the transaction may
   * yet be rolled back, and its version be given to something else.
   */
  public Optional<SessionPolicy> load(SqlClient client, SessionKey session) {
    Map<SessionKey, SessionPolicy> found =
        load(
            List.of(session),
            (columns, sql) -> Database.query(client, sql, columns.params()),
            false);
    return Optional.ofNullable(found.get(session));
  }

  /**
   * The same, and neither the session nor its settings change until the transaction ends.
   *
   * @throws IllegalStateException if there is no such session
   */
  public SessionPolicy hold(SqlClient client, SessionKey session) {
    Database.query(
        client,
        "SELECT 1 FROM session WHERE tenant = $1 AND id = $2 FOR SHARE",
        Tuple.of(session.tenant(), session.id()));
    return load(client, session)
        .orElseThrow(() -> new IllegalStateException("there is no session " + session.id()));
  }

  private interface Query {
    List<Row> run(Columns<SessionKey> columns, String sql);
  }

  private Map<SessionKey, SessionPolicy> load(
      Collection<SessionKey> sessions, Query query, boolean remember) {
    Map<SessionKey, SessionPolicy> found = new HashMap<>();
    List<SessionKey> missing = new ArrayList<>();
    for (Row row : run(new LinkedHashSet<>(sessions), "", query)) {
      Compiled compiled = cached(row);
      if (compiled == null) {
        missing.add(key(row));
      } else {
        found.put(key(row), policy(row, compiled));
      }
    }
    for (Row row : run(missing, BODIES, query)) {
      Compiled compiled = compile(row);
      if (remember) {
        remember(row, compiled);
      }
      found.put(key(row), policy(row, compiled));
    }
    return found;
  }

  private static List<Row> run(Collection<SessionKey> keys, String bodies, Query query) {
    if (keys.isEmpty()) {
      return List.of();
    }
    Columns<SessionKey> columns =
        new Columns<>(List.copyOf(keys))
            .text("tenant", SessionKey::tenant)
            .text("id", SessionKey::id);
    return query.run(
        columns,
        "SELECT "
            + STATE
            + bodies
            + " FROM "
            + columns.unnest("k")
            + " JOIN session s USING (tenant, id)"
            + " LEFT JOIN override_projection p ON p.tenant = s.tenant AND p.user_id = s.owner");
  }

  private Compiled cached(Row row) {
    Compiled compiled;
    synchronized (cache) {
      compiled = cache.get(new CacheKey(key(row), RequestRows.fence(row)));
    }
    return compiled == null || !compiled.until().isAfter(RequestRows.instant(row, "now"))
        ? null
        : compiled;
  }

  private void remember(Row row, Compiled compiled) {
    synchronized (cache) {
      cache.put(new CacheKey(key(row), RequestRows.fence(row)), compiled);
    }
  }

  private static Compiled compile(Row row) {
    Instant now = RequestRows.instant(row, "now");
    try {
      byte[] bytes = RequestRows.bytes(row, "document");
      UserDocument document =
          bytes == null ? UserDocument.EMPTY : Json.read(bytes, UserDocument.class);
      String body = row.getString("managed");
      ManagedRulesFile managed =
          body == null ? ManagedRulesFile.NONE : ManagedRulesFile.parse(body);
      CompiledPolicy policy =
          CompiledPolicy.compile(
              PolicyAssembler.assemble(
                  settings(row.getString("settings")),
                  ancestors(row),
                  profiles(row),
                  document,
                  managed,
                  now));
      return new Compiled(policy, null, PolicyAssembler.nextEnd(document, now).orElse(Instant.MAX));
    } catch (InvalidRulesException e) {
      String problems =
          e.problems().stream()
              .map(p -> p.text() + ": " + p.reason())
              .collect(Collectors.joining("; "));
      return new Compiled(null, "the rules in force are not valid: " + problems, Instant.MAX);
    } catch (IllegalArgumentException e) {
      return new Compiled(
          null, "the rules in force are not readable: " + e.getMessage(), Instant.MAX);
    }
  }

  private static SessionSettings settings(String json) {
    return StoredJson.read(json, SessionSettings.class, "the settings of a session");
  }

  private static List<SessionSettings> ancestors(Row row) {
    String json = row.getString("ancestors");
    return json == null
        ? List.of()
        : Arrays.stream(Json.read(json.getBytes(StandardCharsets.UTF_8), String[].class))
            .map(PolicyBook::settings)
            .toList();
  }

  private static Map<String, Profile> profiles(Row row) {
    String json = row.getString("profiles");
    Map<String, Profile> profiles = new HashMap<>();
    if (json != null) {
      Json.readTree(json.getBytes(StandardCharsets.UTF_8))
          .properties()
          .forEach(
              e ->
                  profiles.put(
                      e.getKey(), ProfileReader.stored(e.getValue().textValue()).profile()));
    }
    return profiles;
  }

  private static SessionPolicy policy(Row row, Compiled compiled) {
    String grants = row.getString("grants");
    return new SessionPolicy(
        key(row),
        row.getString("owner"),
        row.getOffsetDateTime("closed_at") != null,
        RequestRows.fence(row),
        grants == null
            ? List.of()
            : List.of(Json.read(grants.getBytes(StandardCharsets.UTF_8), LiveGrant[].class)),
        RequestRows.instant(row, "now"),
        compiled.policy(),
        compiled.problem());
  }

  private static SessionKey key(Row row) {
    return new SessionKey(row.getString("tenant"), row.getString("id"));
  }
}
