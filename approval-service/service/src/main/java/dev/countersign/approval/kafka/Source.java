package dev.countersign.approval.kafka;

/**
 * The record that something is said about.
 *
 * @param offset -1 where it is not known
 */
public record Source(String topic, int partition, long offset) {
  /** A record that came in. */
  public static Source of(InboundRecord record) {
    return new Source(record.topic(), record.partition(), record.offset());
  }

  /** Stands for a record that is ours and answers none. */
  static Source unknown(String topic) {
    return new Source(topic, -1, -1);
  }

  @Override
  public String toString() {
    return topic + "/" + partition + "/" + offset;
  }
}
