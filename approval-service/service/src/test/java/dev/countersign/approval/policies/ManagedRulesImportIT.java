package dev.countersign.approval.policies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.BackendsResource;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.embedded.Folders;
import dev.countersign.embedded.MountedFolder;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.smallrye.reactivemessaging.runtime.SmallRyeReactiveMessagingLifecycle;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.pgclient.PgBuilder;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.PoolOptions;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The start of a service with managed rules on a database that never had any. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class ManagedRulesImportIT {
  private static final String GOOD = "revision 4\ndeny Bash(aws *)\n";

  @Inject Vertx vertx;
  @Inject BeanManager beans;

  @ConfigProperty(name = "quarkus.datasource.reactive.url")
  String url;

  @ConfigProperty(name = "quarkus.datasource.username")
  String user;

  @ConfigProperty(name = "quarkus.datasource.password")
  String password;

  private final String schema = "fresh_" + UUID.randomUUID().toString().replace('-', '_');
  private Path folder;
  private Path file;
  private Pool pool;
  private Database database;

  @BeforeEach
  void freshDatabase() throws IOException {
    folder = Folders.temporary("managed");
    file = folder.resolve("managed-rules");
    pool =
        PgBuilder.pool()
            .with(new PoolOptions().setMaxSize(1))
            .connectingTo(
                PgConnectOptions.fromUri(url)
                    .setUser(user)
                    .setPassword(password)
                    .addProperty("search_path", schema))
            .using(vertx)
            .build();
    database = new Database(pool);
    database.query("CREATE SCHEMA " + schema);
    for (String table : new String[] {"managed_rules", "managed_fence"}) {
      database.query("CREATE TABLE %s (LIKE public.%s INCLUDING ALL)".formatted(table, table));
    }
    database.query("INSERT INTO managed_fence (revision) VALUES (0)");
  }

  @AfterEach
  void drop() {
    database.query("DROP SCHEMA " + schema + " CASCADE");
    pool.closeAndAwait();
    Folders.delete(folder);
  }

  private ManagedRulesImport.Status start() {
    ManagedRulesImport rules = new ManagedRulesImport(database, new Kicks(), Optional.of(file));
    rules.first(new StartupEvent());
    return rules.status();
  }

  private void refusesToStart(String why) {
    String said = assertThrows(ConfigurationException.class, this::start).getMessage();
    assertTrue(said.contains(why) && said.contains("No managed rules were ever imported"), said);
  }

  @Test
  void withoutRulesEverImportedAMissingOrRefusedFileIsNoStart() throws IOException {
    refusesToStart("cannot be read");
    Files.writeString(file, "revision 4\nforbid everything\n");
    refusesToStart("forbid everything");
    Files.writeString(file, "deny Bash(aws *)\n");
    refusesToStart("needs a line \"revision N\"");
    Files.writeString(file, GOOD);
    start();
    Files.delete(file);
    ManagedRulesImport.Status later = start();
    assertEquals(4, later.revision(), "what was imported once is in force");
    assertTrue(later.problem().contains("cannot be read"), later.problem());
  }

  @Test
  void theRulesAreInForceBeforeAnythingIsConsumed() throws IOException {
    Files.writeString(file, GOOD);
    assertEquals(new ManagedRulesImport.Status(4, null), start());
    assertEquals(
        GOOD,
        database
            .query("SELECT body FROM managed_rules JOIN managed_fence USING (revision)")
            .get(0)
            .getString(0));
    assertTrue(
        priority(ManagedRulesImport.class) < priority(SmallRyeReactiveMessagingLifecycle.class),
        "the import comes before the channels open");
  }

  /** As a ConfigMap is changed: neither the size nor the time of the file is another one. */
  @Test
  void aMountThatIsSwappedIsReadAgain() throws IOException {
    MountedFolder mount = new MountedFolder(folder, "mounted-rules");
    mount.swap("revision 4\ndeny Bash(aws *)\n");
    ManagedRulesImport rules =
        new ManagedRulesImport(database, new Kicks(), Optional.of(mount.file()));
    rules.first(new StartupEvent());
    assertEquals(new ManagedRulesImport.Status(4, null), rules.status());

    mount.swap("revision 5\ndeny Bash(gcp *)\n");
    rules.importNewer();
    assertEquals(new ManagedRulesImport.Status(5, null), rules.status());

    mount.empty();
    rules.importNewer();
    assertEquals(5, rules.status().revision());
    assertTrue(rules.status().problem().contains("cannot be read"), rules.status()::toString);

    mount.swap("revision 6\ndeny Bash(oci *)\n");
    rules.importNewer();
    assertEquals(new ManagedRulesImport.Status(6, null), rules.status());
  }

  /** When a bean hears of the start; lower is earlier. */
  private int priority(Class<?> bean) {
    return beans.resolveObserverMethods(new StartupEvent()).stream()
        .filter(observer -> observer.getBeanClass() == bean)
        .findFirst()
        .orElseThrow()
        .getPriority();
  }
}
