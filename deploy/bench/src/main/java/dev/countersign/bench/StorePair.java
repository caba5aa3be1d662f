package dev.countersign.bench;

/**
 * Measured within seconds: the store, and plain upserts before and after it.
 *
 * @param users how many are stored
 * @param drainMillis how long the store still published after its last answer
 */
record StorePair(
    int users,
    int clients,
    WriteRound store,
    WriteRound before,
    WriteRound after,
    double drainMillis) {
  /** Writes per second of the plain upserts around the store's. */
  double plainPerSecond() {
    return (before.perSecond() + after.perSecond()) / 2;
  }

  double plainP99Millis() {
    return (before.p99Millis() + after.p99Millis()) / 2;
  }

  /** How many times more a write through the store costs than a plain one. */
  double cost() {
    return plainPerSecond() / store.perSecond();
  }

  /** How many times longer the slowest hundredth takes. */
  double tail() {
    return store.p99Millis() / plainP99Millis();
  }

  /** The same load twice: what the machine does to a figure. */
  double same() {
    return after.perSecond() / before.perSecond();
  }
}
