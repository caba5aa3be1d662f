package dev.countersign.protocol;

import java.time.Duration;
import java.util.List;

/** The names of every Kafka topic, and how each is keyed. */
public final class Topics {
  /** Tool calls that want a decision, their cancels and their ends. Key: session id. */
  public static final String REQUESTS = "permission.requests";

  /** Decisions; the default reply topic. Key: request id. */
  public static final String REPLIES = "permission.replies";

  /** Open prompts, compacted; a tombstone when one ends. Key: prompt id. */
  public static final String PROMPTS = "permission.prompts";

  /** What a person chose. Key: prompt id. */
  public static final String ANSWERS = "permission.answers";

  /** What became of an answer. Key: prompt id. */
  public static final String ANSWER_REPLIES = "answer.replies";

  /** What changed in a person's inbox, kept 24 hours. Key: viewer. */
  public static final String INBOX = "inbox.events";

  /** Every decision, for audit. Key: user. */
  public static final String RECEIPTS = "permission.receipts";

  /** Start, set, close a session. Key: session id. */
  public static final String SESSION_COMMANDS = "session.commands";

  /** What became of a session command. Key: session id. */
  public static final String SESSION_REPLIES = "session.replies";

  /** Set or clear an override. Key: user. */
  public static final String OVERRIDE_COMMANDS = "override.commands";

  /** What became of an override command. Key: user. */
  public static final String OVERRIDE_REPLIES = "override.replies";

  /** A user's whole document with its version, compacted. Key: user. */
  public static final String OVERRIDE_DOCUMENTS = "override.documents";

  /** What could not be read or decided. Key: as it came. */
  public static final String DEAD_LETTERS = "dead-letters";

  /** All topics, in the order of the design. */
  public static final List<String> ALL =
      List.of(
          REQUESTS,
          REPLIES,
          PROMPTS,
          ANSWERS,
          ANSWER_REPLIES,
          INBOX,
          RECEIPTS,
          SESSION_COMMANDS,
          SESSION_REPLIES,
          OVERRIDE_COMMANDS,
          OVERRIDE_REPLIES,
          OVERRIDE_DOCUMENTS,
          DEAD_LETTERS);

  /** The topics that keep only the latest value of a key. */
  public static final List<String> COMPACTED = List.of(PROMPTS, OVERRIDE_DOCUMENTS);

  /**
   * How long the tombstone of an erased document stays. It tells a database that was restored to
   * before the erase that there was one, so it outlasts every backup. Not for ever: Kafka adds it
   * to a time.
   */
  public static final Duration DOCUMENT_TOMBSTONES_STAY = Duration.ofDays(3650);

  private Topics() {}

  /** The topic for the replies to one client that speaks Kafka itself; see {@link #REPLIES}. */
  public static String replies(String client) {
    return REPLIES + "." + client;
  }
}
