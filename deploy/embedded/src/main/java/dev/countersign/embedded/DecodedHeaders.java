package dev.countersign.embedded;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Makes records safe to read in several threads at once. */
public final class DecodedHeaders {
  private DecodedHeaders() {}

  /**
   * Decodes every header now, in the thread that polled the record. Kafka does it when a header is
   * first asked for, and two threads that ask at once break it.
   *
   * @return the same record
   */
  public static <K, V> ConsumerRecord<K, V> of(ConsumerRecord<K, V> record) {
    for (Header header : record.headers()) {
      header.key();
      header.value();
    }
    return record;
  }
}
