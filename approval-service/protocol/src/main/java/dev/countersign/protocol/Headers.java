package dev.countersign.protocol;

import java.util.Set;

/**
 * Kafka header names. The {@code ce_*} ones are CloudEvents 1.0 in binary content mode; the others
 * are ours. All values are UTF-8 text.
 */
public final class Headers {
  public static final String CE_SPECVERSION = "ce_specversion";
  public static final String CE_ID = "ce_id";
  public static final String CE_TYPE = "ce_type";
  public static final String CE_SOURCE = "ce_source";
  public static final String CE_TIME = "ce_time";
  public static final String CE_SUBJECT = "ce_subject";

  /** CloudEvents extension attribute: the tenant. */
  public static final String CE_TENANT = "ce_tenant";

  public static final String CONTENT_TYPE = "content-type";

  /**
   * On a request, a cancel or the end of a call: the session's signed token. A credential: never
   * logged or copied.
   */
  public static final String TOKEN = "countersign-token";

  /**
   * On an answer, a session command, an override command and all that the permission store sends: a
   * short-lived signed assertion of who sent exactly this value. A credential: never logged or
   * copied.
   */
  public static final String ASSERTION = "countersign-assertion";

  /** On a request: the topic to reply to, honoured only if the session's token lists it. */
  public static final String REPLY_TOPIC = "countersign-reply-topic";

  /**
   * On a request or command: an opaque mark that comes back on the reply under the same name, so a
   * reader of a shared reply topic can skip what is not its own. At most 128 characters.
   */
  public static final String REPLY_TO = "countersign-reply-to";

  /** On a tombstone of {@code override.documents}: the version that the erase made, in decimal. */
  public static final String VERSION = "countersign-version";

  /** On a tombstone of {@code override.documents}: the id of the erase. */
  public static final String ERASURE = "countersign-erasure";

  /** The headers that must never reach a log, a dead letter or another record. */
  public static final Set<String> CREDENTIALS = Set.of(TOKEN, ASSERTION);

  private Headers() {}
}
