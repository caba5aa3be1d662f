package dev.countersign.preflight;

import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.flywaydb.core.api.MigrationVersion;

/** Whether a database is one that this release can work with. */
final class Schema {
  private static final Set<MigrationState> NEWER =
      EnumSet.of(MigrationState.FUTURE_SUCCESS, MigrationState.FUTURE_FAILED);

  private Schema() {}

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

  private static Optional<MigrationVersion> highest(
      MigrationInfo[] migrations, Predicate<MigrationInfo> which) {
    return Arrays.stream(migrations)
        .filter(which)
        .map(MigrationInfo::getVersion)
        .filter(version -> version != null)
        .max(Comparator.naturalOrder());
  }
}
