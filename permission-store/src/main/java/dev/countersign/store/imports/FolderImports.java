package dev.countersign.store.imports;

import dev.countersign.protocol.Identifiers;
import dev.countersign.store.StoreConfig;
import dev.countersign.store.users.UserKey;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Imports the folder of existing {@code PERMISSIONS.json} files: each content once for its user.
 * May be stopped at any time and run again.
 */
@ApplicationScoped
public class FolderImports {
  private final Imports imports;
  private final StoreConfig.Import config;

  FolderImports(Imports imports, StoreConfig config) {
    this.imports = imports;
    this.config = config.imports();
    if (!Identifiers.isId(this.config.tenant())) {
      throw new IllegalArgumentException("countersign.import.tenant is no identifier");
    }
  }

  /** The tenant whose users the folder holds; empty if there is no folder. */
  public Optional<String> tenant() {
    return config.folder().map(folder -> config.tenant());
  }

  /**
   * Imports some users' files, or says what that would do. Fails with an {@link
   * UncheckedIOException} if the folder cannot be read.
   *
   * @param after only users behind this one; null to begin with the first
   * @param limit how many users at most
   */
  public Uni<FolderReport> run(String actor, boolean dryRun, String after, int limit) {
    Path folder = config.folder().orElseThrow();
    return Uni.createFrom()
        .item(() -> files(folder, after))
        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
        .chain(
            files -> {
              List<FolderFile> page = files.subList(0, Math.min(limit, files.size()));
              String next = page.size() < files.size() ? page.get(limit - 1).user() : null;
              return Multi.createFrom()
                  .iterable(page)
                  .onItem()
                  .transformToUni(file -> run(file, actor, dryRun))
                  .merge(config.concurrency())
                  .collect()
                  .asList()
                  .map(reports -> FolderReport.of(dryRun, sorted(reports), next));
            });
  }

  private static List<FolderFile> files(Path folder, String after) {
    try {
      return ImportFolder.at(folder).files().stream()
          .filter(file -> after == null || file.user().compareTo(after) > 0)
          .sorted(Comparator.comparing(FolderFile::user))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Uni<ImportReport> run(FolderFile file, String actor, boolean dryRun) {
    if (file instanceof FolderFile.Refused refused) {
      return Uni.createFrom().item(report(refused, dryRun));
    }
    FolderFile.Found found = (FolderFile.Found) file;
    try {
      return imports.run(
          new Upload(
              new UserKey(config.tenant(), found.user()),
              found.shown(),
              Format.PERMISSIONS,
              ImportFolder.content(found),
              found.modified(),
              actor,
              true,
              dryRun,
              true));
    } catch (IOException e) {
      return Uni.createFrom()
          .item(report(ImportFolder.unreadable(found.user(), found.shown(), e), dryRun));
    }
  }

  private static ImportReport report(FolderFile.Refused refused, boolean dryRun) {
    return ImportReport.refused(
        refused.user(), refused.shown(), null, dryRun, refused.code(), refused.detail());
  }

  private static List<ImportReport> sorted(List<ImportReport> reports) {
    List<ImportReport> sorted = new ArrayList<>(reports);
    sorted.sort(Comparator.comparing(ImportReport::user));
    return sorted;
  }
}
