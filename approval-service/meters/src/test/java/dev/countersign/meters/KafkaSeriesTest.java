package dev.countersign.meters;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilterReply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaSeriesTest {
  @ParameterizedTest
  @CsvSource({
    "kafka.consumer.fetch.manager.records.lag, topic, permission.requests, NEUTRAL",
    "kafka.consumer.fetch.manager.records.lag, topic, permission_requests, DENY",
    "kafka.producer.topic.record.send.total, topic, permission.replies.kcat, DENY",
    "kafka.consumer.node.request.total, node.id, node-1, DENY",
    "kafka.producer.record.send.total, client.id, approval-service, NEUTRAL",
    "http.server.requests, topic, permission.replies.kcat, NEUTRAL",
  })
  void onlyTopicsOfOurOwnAndNoBrokerHaveSeries(
      String name, String tag, String value, MeterFilterReply reply) {
    Meter.Id id = new Meter.Id(name, Tags.of(tag, value), null, null, Meter.Type.GAUGE);
    assertEquals(reply, new KafkaSeries().accept(id));
  }
}
