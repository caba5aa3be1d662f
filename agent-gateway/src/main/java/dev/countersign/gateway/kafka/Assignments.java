package dev.countersign.gateway.kafka;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.events.InboxRing;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConsumerRebalanceListener;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Where each consumer starts to read, and which of them already do. Positions are settled before a
 * channel counts as assigned, so no reply to a request sent afterwards can be missed.
 */
@ApplicationScoped
public class Assignments {
  private static final Set<String> CHANNELS =
      Set.of("permission-replies", "session-replies", "answer-replies", "inbox-events");

  private final Set<String> assigned = new ConcurrentSkipListSet<>();

  /** The channels that do not read yet. */
  public Set<String> missing() {
    Set<String> missing = new TreeSet<>(CHANNELS);
    missing.removeAll(assigned);
    return missing;
  }

  @Produces
  @Singleton
  @Identifier("permission-replies")
  KafkaConsumerRebalanceListener permissionReplies() {
    return new FromEnd("permission-replies");
  }

  @Produces
  @Singleton
  @Identifier("session-replies")
  KafkaConsumerRebalanceListener sessionReplies() {
    return new FromEnd("session-replies");
  }

  @Produces
  @Singleton
  @Identifier("answer-replies")
  KafkaConsumerRebalanceListener answerReplies() {
    return new FromEnd("answer-replies");
  }

  @Produces
  @Singleton
  @Identifier("inbox-events")
  KafkaConsumerRebalanceListener inboxEvents(InboxRing ring, GatewayConfig config) {
    return new FromWindow(ring, config);
  }

  private abstract class Listener implements KafkaConsumerRebalanceListener {
    private final String channel;

    Listener(String channel) {
      this.channel = channel;
    }

    @Override
    public void onPartitionsAssigned(
        Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
      if (!partitions.isEmpty()) {
        seek(consumer, partitions);
        partitions.forEach(consumer::position);
        assigned.add(channel);
      }
    }

    abstract void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);

    @Override
    public void onPartitionsRevoked(
        Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
      assigned.remove(channel);
    }
  }

  private final class FromEnd extends Listener {
    FromEnd(String channel) {
      super(channel);
    }

    @Override
    void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
      consumer.seekToEnd(partitions);
    }
  }

  private final class FromWindow extends Listener {
    private final InboxRing ring;
    private final GatewayConfig config;

    FromWindow(InboxRing ring, GatewayConfig config) {
      super("inbox-events");
      this.ring = ring;
      this.config = config;
    }

    @Override
    void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
      long since = Instant.now().minus(config.events().window()).toEpochMilli();
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(partition -> times.put(partition, since));
      Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<Integer, Long> begin = new HashMap<>();
      for (TopicPartition partition : partitions) {
        OffsetAndTimestamp start = starts.get(partition);
        long offset = start == null ? ends.get(partition) : start.offset();
        consumer.seek(partition, offset);
        begin.put(partition.partition(), offset);
      }
      ring.restart(begin);
    }
  }
}
