package dev.countersign.approval.policies;

import dev.countersign.approval.config.ApprovalConfig;
import dev.countersign.approval.db.Database;
import dev.countersign.approval.loops.Kicks;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UserDocument;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Takes over the administrators' file whenever its revision is higher than every one before. A file
 * that cannot be used is refused with a reason in the log, and what was in force stays in force.
 */
@ApplicationScoped
public class ManagedRulesImport {
  private static final Logger LOG = Logger.getLogger(ManagedRulesImport.class);

  private final Database database;
  private final Kicks kicks;
  private final Optional<Path> file;
  private byte[] seen = new byte[0];

  public ManagedRulesImport(Database database, Kicks kicks, ApprovalConfig config) {
    this.database = database;
    this.kicks = kicks;
    this.file = config.managedRulesFile();
  }

  /** Looks at the file and imports it if it is new. */
  public void importNewer() {
    if (file.isEmpty()) {
      return;
    }
    byte[] content = content(file.get());
    if (Arrays.equals(content, seen)) {
      return;
    }
    try {
      String text = new String(content, StandardCharsets.UTF_8);
      ManagedRulesFile rules = ManagedRulesFile.parse(text);
      check(rules);
      store(rules, text);
    } catch (InvalidRulesException e) {
      LOG.errorf(
          "The managed rules were refused, the ones before stay in force: %s",
          e.problems().stream()
              .map(p -> p.text() + ": " + p.reason())
              .collect(Collectors.joining("; ")));
    }
    seen = content;
  }

  private byte[] content(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      LOG.errorf("The managed rules file cannot be read: %s", e.getMessage());
      return seen;
    }
  }

  private static void check(ManagedRulesFile rules) throws InvalidRulesException {
    CompiledPolicy.compile(
        PolicyAssembler.assemble(
            SessionSettings.none(), java.util.List.of(), UserDocument.EMPTY, rules, Instant.EPOCH));
  }

  private void store(ManagedRulesFile rules, String text) {
    var stored =
        database.query(
            "INSERT INTO managed_rules (revision, body) SELECT $1, $2"
                + " WHERE NOT EXISTS (SELECT FROM managed_rules WHERE revision >= $1)"
                + " ON CONFLICT DO NOTHING RETURNING revision",
            rules.revision(),
            text);
    if (stored.isEmpty()) {
      LOG.infof("Managed rules revision %d is not newer than what is in force", rules.revision());
    } else {
      LOG.infof("Managed rules revision %d is in force", rules.revision());
      kicks.somethingToJudge();
    }
  }
}
