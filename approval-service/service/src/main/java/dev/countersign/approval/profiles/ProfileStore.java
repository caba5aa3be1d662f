package dev.countersign.approval.profiles;

import dev.countersign.approval.db.Database;
import dev.countersign.policy.Profile;
import dev.countersign.protocol.Json;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The SQL of {@code custom_profile}. */
@ApplicationScoped
public class ProfileStore {
  private static final String PAGE =
      "SELECT * FROM custom_profile WHERE tenant = $1 AND body IS NOT NULL AND %s"
          + " ORDER BY name LIMIT 1000";

  private final Database database;

  public ProfileStore(Database database) {
    this.database = database;
  }

  /** A profile, unless it was deleted. */
  Optional<StoredProfile> find(String tenant, String name) {
    return database
        .query(
            "SELECT * FROM custom_profile WHERE tenant = $1 AND name = $2 AND body IS NOT NULL",
            tenant,
            name)
        .stream()
        .map(StoredProfile::read)
        .findFirst();
  }

  /** The profiles that a person may see, by name; at most 1000. */
  List<StoredProfile> seenBy(Person person) {
    return (person.admin()
            ? database.query(PAGE.formatted("true"), person.tenant())
            : database.query(
                "SELECT * FROM ((%s) UNION (%s)) seen ORDER BY name LIMIT 1000"
                    .formatted(PAGE.formatted("owner = $2"), PAGE.formatted("shared")),
                person.tenant(),
                person.id()))
        .stream().map(StoredProfile::read).toList();
  }

  /**
   * A profile that must not change until the transaction ends. Taken before any session is locked,
   * by those who make a session use it and by those who change it alike.
   */
  public Optional<StoredProfile> hold(SqlClient client, String tenant, String name) {
    return one(client, tenant, name, " FOR SHARE").filter(profile -> !profile.deleted());
  }

  /** A profile, also a deleted one, locked until the transaction ends. */
  Optional<StoredProfile> lock(SqlClient client, String tenant, String name) {
    return one(client, tenant, name, " FOR UPDATE");
  }

  private static Optional<StoredProfile> one(
      SqlClient client, String tenant, String name, String lock) {
    String sql = "SELECT * FROM custom_profile WHERE tenant = $1 AND name = $2" + lock;
    return Database.query(client, sql, Tuple.of(tenant, name)).stream()
        .map(StoredProfile::read)
        .findFirst();
  }

  /**
   * What words of custom profiles mean for the sessions of a user; those that mean nothing lack.
   */
  public Map<String, Profile> meaning(
      SqlClient client, String tenant, String user, Collection<String> words) {
    String[] names =
        words.stream().flatMap(w -> Profile.customName(w).stream()).toArray(String[]::new);
    if (names.length == 0) {
      return Map.of();
    }
    Tuple params = Tuple.of(tenant, user).addArrayOfString(names);
    String sql =
        "SELECT * FROM custom_profile WHERE tenant = $1 AND body IS NOT NULL"
            + " AND (owner = $2 OR shared) AND name = ANY ($3)";
    return Database.query(client, sql, params).stream()
        .map(StoredProfile::read)
        .collect(Collectors.toMap(StoredProfile::word, p -> p.document().profile()));
  }

  /**
   * Stores a profile; the version grows.
   *
   * @param document null deletes it
   * @return false if another one made a profile of this name at the same time
   */
  boolean store(
      SqlClient client,
      Optional<StoredProfile> now,
      Person person,
      String name,
      String owner,
      ProfileDocument document) {
    Tuple params =
        Tuple.from(
            Arrays.asList(
                person.tenant(),
                name,
                owner,
                document != null && document.shared(),
                document == null ? null : text(document),
                person.id()));
    String sql =
        now.isPresent()
            ? "UPDATE custom_profile SET owner = $3, shared = $4, body = $5, changed_by = $6,"
                + " version = version + 1, changed_at = clock_timestamp()"
                + " WHERE tenant = $1 AND name = $2 RETURNING version"
            : "INSERT INTO custom_profile (tenant, name, owner, shared, body, changed_by, version)"
                + " VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT DO NOTHING RETURNING version";
    return !Database.query(client, sql, params).isEmpty();
  }

  private static String text(ProfileDocument document) {
    return new String(Json.write(document.json()), StandardCharsets.UTF_8);
  }
}
