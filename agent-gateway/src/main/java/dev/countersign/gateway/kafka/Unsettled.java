package dev.countersign.gateway.kafka;

import dev.countersign.door.FairShare;
import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.protocol.Json;

/**
 * Counts the bytes of records that Kafka has neither taken nor refused. Where Kafka does not answer
 * they stay in memory, long after whoever sent them was told that it is unavailable and has given
 * back what its request took. Nobody takes what others need. Thread-safe; never blocks.
 */
final class Unsettled {
  /** Three of the largest records for one caller, and as much for others. */
  private static final long LEAST = 8L * Json.MAX_REQUEST_BYTES;

  private final FairShare bytes;

  Unsettled(GatewayConfig.Kafka config) {
    this(config.maxBytesWaiting().orElse(Math.max(LEAST, Runtime.getRuntime().maxMemory() / 8)));
  }

  /**
   * A count that begins with nothing.
   *
   * @param total bytes; one caller gets at most half of them
   */
  Unsettled(long total) {
    if (total < LEAST) {
      throw new IllegalArgumentException(
          "countersign.kafka.max-bytes-waiting is %d and must be at least %d: eight requests"
              .formatted(total, LEAST));
    }
    this.bytes = new FairShare(total, 0);
  }

  /** Counts a record until it is given back; false if there is no room for it. */
  boolean take(Caller caller, long size) {
    return bytes.take(caller.holder(), size);
  }

  /** The record is settled. */
  void give(Caller caller, long size) {
    bytes.give(caller.holder(), size);
  }

  /** The bytes counted now. */
  long bytes() {
    return bytes.held();
  }
}
