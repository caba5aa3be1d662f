package dev.countersign.gateway.kafka;

import dev.countersign.gateway.GatewayConfig;
import dev.countersign.gateway.identity.Caller;
import dev.countersign.protocol.Json;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the bytes of records that Kafka has neither taken nor refused. Where Kafka does not answer
 * they stay in memory, long after whoever sent them was told that it is unavailable and has given
 * back what its request took. A caller gets more only as long as at least as much stays free as the
 * caller then has: one alone gets half, so nobody takes what others need. Thread-safe; never
 * blocks.
 */
final class Unsettled {
  /** Three of the largest records for one caller, and as much for others. */
  private static final long LEAST = 8L * Json.MAX_REQUEST_BYTES;

  private final long total;
  private final Map<String, Long> byCaller = new HashMap<>();
  private long sum;

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
    this.total = total;
  }

  /** Counts a record until it is given back; false if there is no room for it. */
  synchronized boolean take(Caller caller, long bytes) {
    String holder = holder(caller);
    long own = byCaller.getOrDefault(holder, 0L) + bytes;
    if (own > total - sum - bytes) {
      return false;
    }
    sum += bytes;
    byCaller.put(holder, own);
    return true;
  }

  /** The record is settled. */
  synchronized void give(Caller caller, long bytes) {
    sum -= bytes;
    byCaller.computeIfPresent(holder(caller), (holder, own) -> own == bytes ? null : own - bytes);
  }

  /** The bytes counted now. */
  synchronized long bytes() {
    return sum;
  }

  /** An agent never uses up what the person it runs for needs to answer it. */
  private static String holder(Caller caller) {
    return caller.tenant() + "/" + caller.user() + (caller.isPerson() ? "" : " by agents");
  }
}
