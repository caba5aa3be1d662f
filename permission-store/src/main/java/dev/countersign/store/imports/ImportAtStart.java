package dev.countersign.store.imports;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Imports the folder when the service starts, beside everything else it does. Several replicas may
 * do so at once.
 */
@ApplicationScoped
class ImportAtStart {
  private static final Logger LOG = Logger.getLogger(ImportAtStart.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final FolderImports imports;
  private volatile Cancellable running = () -> {};

  ImportAtStart(FolderImports imports) {
    this.imports = imports;
  }

  void start(@Observes StartupEvent event) {
    if (imports.tenant().isPresent()) {
      running =
          Uni.createFrom()
              .deferred(() -> imports.run("permission-store", false, null, Integer.MAX_VALUE))
              .onFailure()
              .invoke(failure -> LOG.warnf("The import folder is tried again: %s", failure))
              .onFailure()
              .retry()
              .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
              .indefinitely()
              .subscribe()
              .with(ImportAtStart::log, failure -> LOG.error("The import ended", failure));
    }
  }

  void stop(@Observes ShutdownEvent event) {
    running.cancel();
  }

  private static void log(FolderReport report) {
    for (ImportReport file : report.reports()) {
      if (file.refused() != null) {
        LOG.warnf("%s was not imported: %s: %s", file.file(), file.refused(), file.detail());
      }
      long left = file.count(ReportLine.Outcome.LEFT_OUT);
      if (left > 0) {
        LOG.warnf(
            "%s: %d lines could not be carried over; a dry run names them", file.file(), left);
      }
    }
    LOG.infof(
        "Imported the folder: %d documents changed, %d did not, %d files were refused",
        report.changed(), report.unchanged(), report.refused());
  }
}
