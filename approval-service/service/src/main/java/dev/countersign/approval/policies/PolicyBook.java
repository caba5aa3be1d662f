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
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.SqlClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
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
  private static final String PROFILES =
      """
      FROM custom_profile c
      WHERE c.tenant = s.tenant AND c.body IS NOT NULL AND (c.owner = s.owner OR c.shared)
        AND c.name IN (SELECT substr(u.profile, 8, length(u.profile) - 8) FROM session u
          WHERE u.tenant = s.tenant AND u.id = ANY (s.path || s.id)
            AND u.profile LIKE 'custom(%')
      """;
  // content: the fence names versions, and a version may stand for something else once an older
  // standby has taken over.
  private static final String STATE =
      """
      s.tenant, s.id, s.owner, s.closed_at, s.version AS fence_session,
      coalesce(p.version, 0) AS fence_document, p.version IS NULL AS undocumented,
      m.revision AS fence_managed, clock_timestamp() AS now,
      concat_ws('/', s.digest, s.mode_source, coalesce(p.digest, '-'),
        coalesce((SELECT r.digest FROM managed_rules r WHERE r.revision = m.revision), '-'),
        (SELECT string_agg(a.digest || a.mode_source, ',' ORDER BY a.id) FROM session a
         WHERE a.tenant = s.tenant AND a.id = ANY (s.path)),
        CASE WHEN s.profile LIKE 'custom(%' OR s.path <> '{}' THEN
          (SELECT string_agg(c.digest, ',' ORDER BY c.name)
      """
          + PROFILES
          + """
      ) END) AS content,
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
      , s.settings, s.mode_source, p.document,
      (SELECT r.body FROM managed_rules r WHERE r.revision = m.revision) AS managed,
      (SELECT json_agg(json_build_object('id', a.id, 'source', a.mode_source,
         'settings', a.settings::text) ORDER BY array_position(s.path, a.id))::text
       FROM session a WHERE a.tenant = s.tenant AND a.id = ANY (s.path)) AS ancestors,
      (SELECT json_object_agg('custom(' || c.name || ')', c.body)::text
      """
          + PROFILES
          + """
      ) AS profiles
      """;
  private static final String LOCK =
      """
      WITH s AS MATERIALIZED (
        SELECT s.tenant, s.id, s.owner FROM session s JOIN %s
          ON s.tenant = k.tenant AND s.id = k.id
        ORDER BY s.tenant, s.id FOR SHARE OF s),
      d AS MATERIALIZED (
        SELECT o.version FROM override_projection o
        JOIN (SELECT DISTINCT tenant, owner FROM s) k
          ON o.tenant = k.tenant AND o.user_id = k.owner
        ORDER BY o.tenant, o.user_id FOR SHARE OF o)
      SELECT revision FROM managed_fence WHERE (SELECT count(*) FROM d) >= 0 FOR SHARE
      """;

  private record Compiled(
      CompiledPolicy policy, List<Standing> chain, String problem, Instant until) {}

  private record Above(String id, String source, String settings) {}

  private final Database database;
  private final PolicyCache<Compiled> cache;

  public PolicyBook(Database database, ApprovalConfig config) {
    this.database = database;
    this.cache = new PolicyCache<>(config.policyCacheSize());
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
    return load(client, session, false);
  }

  /** The same, and remembered: for a transaction that changes nothing of what a policy rests on. */
  public Optional<SessionPolicy> loadUnchanged(SqlClient client, SessionKey session) {
    return load(client, session, true);
  }

  private Optional<SessionPolicy> load(SqlClient client, SessionKey session, boolean remember) {
    Map<SessionKey, SessionPolicy> found =
        load(
            List.of(session),
            (columns, sql) -> Database.query(client, sql, columns.params()),
            remember);
    return Optional.ofNullable(found.get(session));
  }

  /**
   * The same, and nothing that it rests on changes until the transaction ends: neither the session
   * nor those above it, nor its owner's document, nor the managed rules.
   *
   * @throws IllegalStateException if there is no such session
   */
  public SessionPolicy hold(SqlClient client, SessionKey session) {
    lock(client, List.of(session));
    return load(client, session)
        .orElseThrow(() -> new IllegalStateException("there is no session " + session.id()));
  }

  /**
   * What the policies of these sessions rest on does not change until the transaction ends. Taken
   * in one order by everybody: after requests, before grants. A change of a session above one
   * changes that one too, so it waits as well.
   */
  public void lock(SqlClient client, Collection<SessionKey> sessions) {
    List<SessionKey> keys = List.copyOf(new LinkedHashSet<>(sessions));
    document(keys, (columns, sql) -> Database.query(client, sql, columns.params()));
    Columns<SessionKey> columns = columns(keys);
    Database.query(client, LOCK.formatted(columns.unnest("k")), columns.params());
  }

  /** Only a row can be locked: whoever settled nothing has an empty document of version 0. */
  private static void document(List<SessionKey> sessions, Query query) {
    if (sessions.isEmpty()) {
      return;
    }
    Columns<SessionKey> columns = columns(sessions);
    query.run(
        columns,
        "INSERT INTO override_projection (tenant, user_id, version)"
            + " SELECT DISTINCT s.tenant, s.owner, 0 FROM "
            + columns.unnest("k")
            + " JOIN session s USING (tenant, id)"
            + " WHERE NOT EXISTS (SELECT FROM override_projection o"
            + " WHERE o.tenant = s.tenant AND o.user_id = s.owner)"
            + " ORDER BY 1, 2 ON CONFLICT DO NOTHING");
  }

  private interface Query {
    List<Row> run(Columns<SessionKey> columns, String sql);
  }

  private Map<SessionKey, SessionPolicy> load(
      Collection<SessionKey> sessions, Query query, boolean remember) {
    Map<SessionKey, SessionPolicy> found = new HashMap<>();
    List<SessionKey> missing = new ArrayList<>();
    List<SessionKey> undocumented = new ArrayList<>();
    for (Row row : run(new LinkedHashSet<>(sessions), "", query)) {
      if (row.getBoolean("undocumented")) {
        undocumented.add(key(row));
      }
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
        cache.put(key(row), RequestRows.fence(row), row.getString("content"), compiled);
      }
      found.put(key(row), policy(row, compiled));
    }
    document(undocumented, query);
    return found;
  }

  private static List<Row> run(Collection<SessionKey> keys, String bodies, Query query) {
    if (keys.isEmpty()) {
      return List.of();
    }
    Columns<SessionKey> columns = columns(keys);
    return query.run(
        columns,
        "SELECT "
            + STATE
            + bodies
            + " FROM "
            + columns.unnest("k")
            + " JOIN session s USING (tenant, id) CROSS JOIN managed_fence m"
            + " LEFT JOIN override_projection p ON p.tenant = s.tenant AND p.user_id = s.owner");
  }

  private static Columns<SessionKey> columns(Collection<SessionKey> keys) {
    return new Columns<>(List.copyOf(keys))
        .text("tenant", SessionKey::tenant)
        .text("id", SessionKey::id);
  }

  private Compiled cached(Row row) {
    Compiled compiled = cache.get(key(row), RequestRows.fence(row), row.getString("content"));
    return compiled == null || !compiled.until().isAfter(RequestRows.instant(row, "now"))
        ? null
        : compiled;
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
      SessionSettings own = settings(row.getString("settings"));
      List<Above> above = ancestors(row);
      List<SessionSettings> ancestors = above.stream().map(a -> settings(a.settings())).toList();
      List<Standing> chain = new ArrayList<>();
      for (int i = 0; i < above.size(); i++) {
        chain.add(standing(above.get(i).id(), ancestors.get(i), above.get(i).source()));
      }
      chain.add(standing(row.getString("id"), own, row.getString("mode_source")));
      CompiledPolicy policy =
          CompiledPolicy.compile(
              PolicyAssembler.assemble(own, ancestors, profiles(row), document, managed, now));
      return new Compiled(
          policy, chain, null, PolicyAssembler.nextEnd(document, now).orElse(Instant.MAX));
    } catch (InvalidRulesException e) {
      String problems =
          e.problems().stream()
              .map(p -> p.text() + ": " + p.reason())
              .collect(Collectors.joining("; "));
      return new Compiled(
          null, List.of(), "the rules in force are not valid: " + problems, Instant.MAX);
    } catch (IllegalArgumentException e) {
      return new Compiled(
          null, List.of(), "the rules in force are not readable: " + e.getMessage(), Instant.MAX);
    }
  }

  private static SessionSettings settings(String json) {
    return StoredJson.read(json, SessionSettings.class, "the settings of a session");
  }

  private static Standing standing(String id, SessionSettings settings, String source) {
    return new Standing(id, PolicyAssembler.permissions(settings).mode(), source);
  }

  private static List<Above> ancestors(Row row) {
    String json = row.getString("ancestors");
    return json == null
        ? List.of()
        : List.of(Json.read(json.getBytes(StandardCharsets.UTF_8), Above[].class));
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
        compiled.chain(),
        grants == null
            ? List.of()
            : List.of(Json.read(grants.getBytes(StandardCharsets.UTF_8), LiveGrant[].class)),
        RequestRows.instant(row, "now"),
        compiled.until().equals(Instant.MAX) ? null : compiled.until(),
        compiled.policy(),
        compiled.problem());
  }

  private static SessionKey key(Row row) {
    return new SessionKey(row.getString("tenant"), row.getString("id"));
  }
}
