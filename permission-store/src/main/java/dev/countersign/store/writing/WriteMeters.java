package dev.countersign.store.writing;

import dev.countersign.store.document.Change;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/**
 * Counts what somebody wrote into a document, once it is committed: a command that came before
 * writes nothing, and what ends by its time nobody wrote. Never blocks; thread-safe.
 */
@Startup
@ApplicationScoped
public class WriteMeters {
  private static final List<String> ACTIONS =
      List.of("set", "clear", "write", "edit", "restore", "erase");

  private final MeterProvider<Counter> written;

  public WriteMeters(MeterRegistry registry) {
    written =
        Counter.builder("countersign.overrides.written")
            .description("New versions of documents, by what was done")
            .withRegistry(registry);
    ACTIONS.forEach(action -> written.withTag("action", action));
  }

  void committed(Change change) {
    written.withTag("action", change.action()).increment();
  }
}
