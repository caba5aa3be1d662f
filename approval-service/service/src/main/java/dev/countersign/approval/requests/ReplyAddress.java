package dev.countersign.approval.requests;

import dev.countersign.protocol.Topics;

/**
 * Where a reply goes.
 *
 * @param topic one that the requester's token lists, or the default one
 * @param replyTo the opaque mark that comes back; null if there is none
 */
public record ReplyAddress(String topic, String replyTo) {
  /** The default topic, with a mark. */
  public static ReplyAddress byDefault(String replyTo) {
    return new ReplyAddress(Topics.REPLIES, replyTo);
  }
}
