package dev.countersign.approval.policies;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.kafka.Failures;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.preflight.Preflight;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import io.quarkus.runtime.StartupEvent;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Takes over the administrators' file whenever its revision is higher than every one before. A file
 * that cannot be used is refused with a reason, in the log and in the health, and what was in force
 * stays in force.
 *
 * <p>The first import happens before anything is consumed. A service that is given a file decides
 * nothing without rules: where none was ever imported and the file cannot be, it does not start.
 */
@ApplicationScoped
public class ManagedRulesImport {
  private static final Logger LOG = Logger.getLogger(ManagedRulesImport.class);

  private final Database database;
  private final Kicks kicks;
  private final Optional<Path> file;
  private volatile Status status = new Status(0, null);

  @Inject
  public ManagedRulesImport(Database database, Kicks kicks, ApprovalConfig config) {
    this(database, kicks, config.managedRulesFile());
  }

  ManagedRulesImport(Database database, Kicks kicks, Optional<Path> file) {
    this.database = database;
    this.kicks = kicks;
    this.file = file;
  }

  /**
   * How this service's file stands to what is in force.
   *
   * @param revision in force; 0 where none was ever imported
   * @param problem why the file is not what is in force; null if it is, or if there is none
   */
  public record Status(long revision, String problem) {}

  /** After the migrations and the file of tools, and before the channels open. */
  void first(@Observes @Priority(2) StartupEvent starting) {
    importNewer();
    if (file.isPresent() && status.revision() == 0) {
      throw Preflight.refusal(
          "approval-service",
          "countersign.managed-rules-file: %s. No managed rules were ever imported, and without"
                  .formatted(status.problem())
              + " them nothing is decided");
    }
  }

  /** What is known since the file was last looked at. */
  public Status status() {
    return status;
  }

  /** Looks at the file and imports it if it is new. */
  public void importNewer() {
    String text = null;
    String problem = null;
    ManagedRulesFile rules = ManagedRulesFile.NONE;
    try {
      if (file.isPresent()) {
        text = Files.readString(file.get(), StandardCharsets.UTF_8);
        rules = ManagedRulesFile.parse(text);
        check(rules);
        imported(rules, text);
      }
    } catch (IOException e) {
      problem = "the file %s cannot be read as text (%s)".formatted(file.get(), e);
    } catch (InvalidRulesException e) {
      problem =
          "the file %s was refused: %s"
              .formatted(
                  file.get(),
                  e.problems().stream()
                      .map(p -> p.text() + ": " + p.reason())
                      .collect(Collectors.joining("; ")));
    } catch (RuntimeException | StackOverflowError e) {
      if (Failures.passing(e)) {
        throw e;
      }
      problem = "the file %s cannot be used (%s)".formatted(file.get(), Failures.words(e));
    }
    Row inForce = inForce();
    if (problem == null && file.isPresent()) {
      problem = difference(rules.revision(), text, inForce);
    }
    note(new Status(inForce.getLong("revision"), problem));
  }

  private static void check(ManagedRulesFile rules) throws InvalidRulesException {
    CompiledPolicy.compile(
        PolicyAssembler.assemble(
            SessionSettings.none(), List.of(), UserDocument.EMPTY, rules, Instant.EPOCH));
  }

  /** Decisions that are being stored hold the fence; they are waited for. */
  private void imported(ManagedRulesFile rules, String text) {
    if (rules.revision() <= inForce().getLong("revision")) {
      return;
    }
    boolean newer =
        database.transaction(
            connection -> {
              Tuple revision = Tuple.of(rules.revision());
              boolean higher =
                  !Database.query(
                          connection,
                          "UPDATE managed_fence SET revision = $1 WHERE revision < $1"
                              + " RETURNING revision",
                          revision)
                      .isEmpty();
              if (higher) {
                Database.query(
                    connection,
                    "INSERT INTO managed_rules (revision, body) VALUES ($1, $2)"
                        + " ON CONFLICT (revision) DO UPDATE SET body = excluded.body",
                    Tuple.of(rules.revision(), text));
              }
              return higher;
            });
    if (newer) {
      LOG.infof("Managed rules revision %d is in force", rules.revision());
      kicks.somethingToJudge();
    }
  }

  private Row inForce() {
    return database
        .query(
            "SELECT m.revision, (SELECT r.body FROM managed_rules r"
                + " WHERE r.revision = m.revision) AS body FROM managed_fence m")
        .get(0);
  }

  private static String difference(long revision, String text, Row inForce) {
    long current = inForce.getLong("revision");
    if (revision < current) {
      return "the file has revision %d, lower than the one in force; to go back, give the older rules a higher revision"
          .formatted(revision);
    }
    return revision > current || text.equals(inForce.getString("body"))
        ? null
        : "the file's rules are not those that were imported as revision %d; what changes needs a higher revision"
            .formatted(revision);
  }

  private void note(Status now) {
    Status before = status;
    status = now;
    if (now.problem() != null && !now.equals(before)) {
      LOG.errorf("Managed rules: %s. Revision %d stays in force", now.problem(), now.revision());
    } else if (now.problem() == null && before.problem() != null) {
      LOG.infof("Managed rules: the file is in force as revision %d", now.revision());
    }
  }
}
