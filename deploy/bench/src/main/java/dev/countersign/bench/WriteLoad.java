package dev.countersign.bench;

/** A way to write one user's document, for one client after the other. */
interface WriteLoad {
  /** What one client needs; used by one thread. */
  Client client() throws Exception;

  /** One client. */
  interface Client extends AutoCloseable {
    /** Writes once, to any user; returns when it is durable. */
    void write() throws Exception;
  }
}
