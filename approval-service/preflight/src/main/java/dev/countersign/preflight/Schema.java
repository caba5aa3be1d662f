package dev.countersign.preflight;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/**
 * Whether a database is one that this release can work with. It alone knows Flyway, which a service
 * without a database does not have.
 */
final class Schema {
  private static final Set<MigrationState> NEWER =
      EnumSet.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  /** Of a statement that failed, or of a migration that is not the one that was applied. */
  private static final Pattern CAUSE = Pattern.compile("Message +: |(?=Migration )|(?=Detected )");

  private Schema() {}

  /**
   * Migrates a database, unless its schema is newer than this release.
   *
   * @param migrations those of this release, and those that the database has
   * @return why it cannot be used
   */
  static Optional<String> migrate(Supplier<MigrationInfo[]> migrations, Runnable migrate) {
    try {
      Optional<String> problem = problem(migrations.get());
      if (problem.isPresent()) {
        return problem;
      }
      migrate.run();
      // Another release may have migrated while this one waited for its turn.
      return problem(migrations.get());
    } catch (FlywayException e) {
      return Optional.of(failure(e));
    }
  }

  /**
   * Why not, and what would be right.
   *
   * @param migrations those of this release, and those that the database had
   */
  static Optional<String> problem(MigrationInfo[] migrations) {
    return highest(migrations, migration -> NEWER.contains(migration.getState()))
        .map(
            found ->
                "the database is from a newer release: its schema has version %s, and this release"
                        .formatted(found)
                    + " knows versions up to %s; start that release, or restore a backup from before it"
                        .formatted(
                            highest(migrations, migration -> migration.getState().isResolved())
                                .map(MigrationVersion::toString)
                                .orElse("none")));
  }

  /** Why a database cannot be migrated, in one line of the many that Flyway says. */
  static String failure(FlywayException failure) {
    String message = failure.getMessage();
    String report = message == null || message.isBlank() ? failure.toString() : message;
    List<String> lines =
        report.lines().map(String::strip).filter(line -> !line.matches("-*")).toList();
    String title = "the database cannot be migrated: " + lines.get(0);
    return lines.stream()
        .skip(1)
        .filter(line -> CAUSE.matcher(line).lookingAt())
        .map(line -> CAUSE.matcher(line).replaceFirst(""))
        .filter(cause -> !title.contains(cause))
        .findFirst()
        .map(cause -> title + ": " + cause)
        .orElse(title);
  }

  private static Optional<MigrationVersion> highest(
      MigrationInfo[] migrations, Predicate<MigrationInfo> which) {
    return Arrays.stream(migrations)
        .filter(which)
        .map(MigrationInfo::getVersion)
        .filter(version -> version != null)
        .max(Comparator.naturalOrder());
  }
}
