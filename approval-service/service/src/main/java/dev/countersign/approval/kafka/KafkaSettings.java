package dev.countersign.approval.kafka;

import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * How every Kafka client of this service reaches the brokers: all {@code kafka.*} settings, which
 * say where they are, how the connection is encrypted and who logs in.
 */
@ApplicationScoped
public class KafkaSettings {
  private final Map<String, Object> common;

  public KafkaSettings(@Identifier("default-kafka-broker") Map<String, Object> common) {
    this.common = common;
  }

  /** Of an admin client, and what else it is told. */
  public Map<String, Object> admin(Map<String, Object> more) {
    return with(AdminClientConfig.configNames(), more);
  }

  /** Of a consumer that is a member of no group, and what else it is told. */
  public Map<String, Object> consumer(Map<String, Object> more) {
    Map<String, Object> settings = with(ConsumerConfig.configNames(), more);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    return settings;
  }

  /** Of a producer, and what else it is told. */
  public Map<String, Object> producer(Map<String, Object> more) {
    return with(ProducerConfig.configNames(), more);
  }

  private Map<String, Object> with(Set<String> known, Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(common);
    settings.keySet().retainAll(known);
    settings.putAll(more);
    return settings;
  }
}
