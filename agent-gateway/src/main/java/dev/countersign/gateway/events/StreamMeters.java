package dev.countersign.gateway.events;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/** Shows how many event streams are open at this replica. */
@Startup
@ApplicationScoped
public class StreamMeters {
  public StreamMeters(MeterRegistry registry, OpenStreams streams) {
    Gauge.builder("countersign.event.streams", streams::open)
        .description("Event streams that are open at this replica")
        .register(registry);
  }
}
