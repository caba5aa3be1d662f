package dev.countersign.gateway.kafka;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;

/** Shows what waits here for Kafka. */
@Startup
@ApplicationScoped
public class SenderMeters {
  public SenderMeters(MeterRegistry registry, Sender sender) {
    Gauge.builder("countersign.kafka.waiting", sender::waitingBytes)
        .description("Bytes of records that Kafka has neither taken nor refused")
        .baseUnit("bytes")
        .register(registry);
  }
}
