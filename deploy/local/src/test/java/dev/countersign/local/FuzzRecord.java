package dev.countersign.local;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A record to send.
 *
 * @param what of a bad one, what is wrong with it; of a good one, the id that its reply names
 * @param key null for none
 * @param value null for none
 */
record FuzzRecord(
    String what, String topic, String key, byte[] value, Map<String, String> headers) {
  ProducerRecord<byte[], byte[]> toSend() {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic, key == null ? null : key.getBytes(StandardCharsets.UTF_8), value);
    headers.forEach(
        (name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return record;
  }
}
