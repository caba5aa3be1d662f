package dev.countersign.approval;

import static dev.countersign.approval.World.bash;
import static dev.countersign.approval.World.id;
import static dev.countersign.approval.World.mode;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.deadlines.Cleaner;
import dev.countersign.approval.health.Progress;
import dev.countersign.protocol.Effect;
import dev.countersign.protocol.PromptState;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator's retention takes away, and what it leaves. */
@Timeout(600)
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class RetentionIT {
  private static final String INPUTS = "countersign.input-retention";
  private static final String RECEIPTS = "countersign.receipt-retention";
  private static final int MILLION = 1_000_000;

  @Inject Database database;
  @Inject Progress progress;
  @Inject Vertx vertx;

  private final World world = World.get();
  private final String session = world.session(mode("default"));

  /** One with these retentions, and the shipped ones for the rest. */
  static Cleaner cleaner(Database database, Progress progress, Map<String, String> retentions) {
    SmallRyeConfigBuilder settings =
        new SmallRyeConfigBuilder()
            .addDiscoveredConverters()
            .withMapping(ApprovalConfig.class)
            .withDefaultValue("countersign.trust-file", "trust.json")
            .withDefaultValue("countersign.signing-key-file", "key.json");
    settings.withDefaultValues(retentions);
    ApprovalConfig config = settings.build().getConfigMapping(ApprovalConfig.class);
    return new Cleaner(database, progress, config);
  }

  private void clean(String retention, String keep) {
    cleaner(database, progress, Map.of(retention, keep)).clean();
  }

  private void age(String request, int days) {
    Hold.run(
        "UPDATE request SET decided_at = decided_at - interval '%d days' WHERE request_id = '%s'"
            .formatted(days, request));
    Hold.run(
        "UPDATE request_input SET stored_at = stored_at - interval '%d days' WHERE request_id = '%s'"
            .formatted(days, request));
  }

  /**
   * Stores requests as they are that many days after their decision, with their inputs; Kafka has
   * their first revision. Their ids are the session's and a number from one.
   */
  private static void decided(String session, int count, int days, String by, int rev) {
    Hold.run(
        """
        INSERT INTO request (tenant, session_id, request_id, owner, tool, digest, state,
          requested_at, reply_topic, source_partition, source_offset, fence_managed,
          fence_document, fence_session, effect, decided_by, code, reason, execution,
          decided_at, decided_xid, rev, published_rev)
        SELECT 'default', '%1$s', '%1$s-' || n, 'ann', 'Bash', 'x', 'decided', at,
          'permission.replies', 0, n, 1, 1, 1, 'allow', '%4$s', 'allowed', '-', 'foreground',
          at, 1, %5$d, 1
        FROM generate_series(1, %2$d) n,
          (SELECT clock_timestamp() - interval '%3$d days' AS at) past
        """
            .formatted(session, count, days, by, rev));
    Hold.run(
        """
        INSERT INTO request_input (tenant, session_id, request_id, call, stored_at)
        SELECT tenant, session_id, request_id, '{}', decided_at FROM request
        WHERE session_id = '%s'
        """
            .formatted(session));
  }

  private static long rows(String table, String request) {
    return Hold.number("SELECT count(*) FROM %s WHERE request_id = '%s'".formatted(table, request));
  }

  private String answered(String command) {
    String request = world.ask(session, bash(command));
    world.answer(world.prompt(request), "allow_once");
    assertEquals(Effect.ALLOW, world.reply(request).effect());
    return request;
  }

  @Test
  void aReceiptGoesWithAllThatBelongsToItOnceItIsOld() {
    String old = world.ask(session, bash("make old"));
    PromptState asked = world.prompt(old);
    world.answer(asked, "allow_once");
    world.reply(old);
    String young = answered("make young");
    age(old, 31);
    age(young, 29);

    clean(RECEIPTS, "P30D");

    String prompts = "SELECT count(*) FROM prompt WHERE id = '%s'".formatted(asked.promptId());
    assertEquals(0, rows("request", old));
    assertEquals(0, rows("request_input", old));
    assertEquals(0, Hold.number(prompts));
    assertEquals(1, rows("request", young));
    assertEquals(1, rows("request_input", young));
  }

  @Test
  void anInputGoesAndItsDecisionStays() {
    String old = answered("make old");
    String open = world.ask(session, bash("make open"));
    world.prompt(open);
    age(old, 2);
    age(open, 2);

    clean(INPUTS, "P1D");

    assertEquals(0, rows("request_input", old));
    assertEquals(1, rows("request_input", open), "nobody has decided it");
    long before = world.replies(old).count();
    world.ask(World.request(session, old, bash("make old")));
    world.decision(session, bash("ls"));
    assertEquals(before + 1, world.replies(old).count(), "the same request gets its decision");
    assertTrue(world.replies(old).allMatch(reply -> reply.effect() == Effect.ALLOW));
  }

  @Test
  void nobodyWaitsForWhatSomebodyElseIsAt() {
    String held = answered("make held");
    age(held, 31);
    try (Hold hold =
        Hold.of("SELECT FROM request WHERE request_id = '%s' FOR UPDATE".formatted(held))) {
      clean(RECEIPTS, "P30D");
      assertEquals(1, rows("request", held));
    }
    clean(RECEIPTS, "P30D");
    assertEquals(0, rows("request", held));
  }

  @Test
  void whatKafkaDoesNotHaveYetStays() {
    String session = id("untold");
    String untold = session + "-1";
    // Nobody can tell it: no publisher knows who decided so.
    decided(session, 1, 31, "nobody", 2);

    clean(INPUTS, "P1D");
    clean(RECEIPTS, "P30D");
    assertEquals(1, rows("request", untold));
    assertEquals(1, rows("request_input", untold));

    Hold.run("UPDATE request SET published_rev = rev WHERE request_id = '%s'".formatted(untold));
    clean(RECEIPTS, "P30D");
    assertEquals(0, rows("request", untold));
  }

  @Test
  void rowsThatAreTooMuchForOneStatementGoInSmallerOnes() throws Exception {
    String session = id("large");
    decided(session, 40, 31, "mode", 1);
    // Each row takes half a second, and a statement three.
    Hold.run(
        """
        CREATE FUNCTION slow_%1$s() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN PERFORM pg_sleep(0.5); RETURN OLD; END $$;
        CREATE TRIGGER slow BEFORE DELETE ON request_input FOR EACH ROW
          WHEN (OLD.session_id = '%2$s') EXECUTE FUNCTION slow_%1$s()
        """
            .formatted("rows", session));
    Pool pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(
                PgConnectOptions.fromUri(value("quarkus.datasource.reactive.url"))
                    .setUser(value("quarkus.datasource.username"))
                    .setPassword(value("quarkus.datasource.password"))
                    .addProperty("statement_timeout", "3000"))
            .using(vertx)
            .build();
    try {
      cleaner(new Database(pool), progress, Map.of(INPUTS, "P1D")).clean();
    } finally {
      pool.closeAndAwait();
      Hold.run("DROP TRIGGER slow ON request_input; DROP FUNCTION slow_rows()");
      Hold.run("DELETE FROM request WHERE session_id = '%s'".formatted(session));
    }
    assertEquals(
        0,
        Hold.number(
            "SELECT count(*) FROM request_input WHERE session_id = '%s'".formatted(session)));
  }

  private static String value(String name) {
    return ConfigProvider.getConfig().getValue(name, String.class);
  }

  @Test
  void whatALivingGrantCameFromStays() {
    String granting = world.ask(session, bash("make granted"));
    world.answer(world.prompt(granting), "allow_session");
    world.reply(granting);
    age(granting, 31);

    clean(INPUTS, "P1D");
    clean(RECEIPTS, "P30D");

    assertEquals(1, rows("request", granting));
    assertEquals(1, rows("request_input", granting));
    assertEquals(Effect.ALLOW, world.decision(session, bash("make granted")).effect());
    Hold.run(
        "UPDATE permission_grant SET dead_at = clock_timestamp(), ended = 'ended'"
            + " WHERE request_id = '%s'".formatted(granting));
    clean(RECEIPTS, "P30D");
    assertEquals(0, rows("request", granting));
  }

  @Test
  void aRetentionThatCouldDecideSomethingTwiceIsRefused() {
    assertEquals(
        "countersign.receipt-retention is PT24H; it must be at least PT720H",
        assertThrows(IllegalArgumentException.class, () -> clean(RECEIPTS, "P1D")).getMessage());
    Map<String, String> longer = Map.of(RECEIPTS, "P30D", "countersign.request-retention", "P60D");
    assertThrows(IllegalArgumentException.class, () -> cleaner(database, progress, longer).clean());
    Map<String, String> idle = Map.of(RECEIPTS, "P30D", "countersign.sessions.idle-after", "P60D");
    assertThrows(IllegalArgumentException.class, () -> cleaner(database, progress, idle).clean());
    assertEquals(
        "countersign.input-retention is PT1H; it must be at least PT24H",
        assertThrows(IllegalArgumentException.class, () -> clean(INPUTS, "PT1H")).getMessage());
  }

  @Test
  @Tag("exhaustive")
  void aMillionOldRequestsGoWhileOthersAreDecided() throws Exception {
    String prefix = id("retention");
    decided(prefix, MILLION, 60, "mode", 1);
    CompletableFuture<Void> cleaning = CompletableFuture.runAsync(() -> clean(RECEIPTS, "P30D"));
    int decided = 0;
    while (!cleaning.isDone()) {
      assertEquals(Effect.ALLOW, world.decision(session, bash("ls " + decided++)).effect());
    }
    cleaning.get();
    String left = "SELECT count(*) FROM %s WHERE session_id = '" + prefix + "'";
    assertEquals(0, Hold.number(left.formatted("request")));
    assertEquals(0, Hold.number(left.formatted("request_input")));
    assertTrue(decided > 20, "only " + decided + " were decided meanwhile");
  }
}
