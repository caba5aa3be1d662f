package dev.countersign.approval.requests;

import dev.countersign.approval.kafka.InboundRecord;
import dev.countersign.approval.policies.SessionKey;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.CallFinished;
import dev.countersign.protocol.PermissionCancel;
import dev.countersign.protocol.PermissionRequest;

/** What a record on {@code permission.requests} turned out to be. */
public sealed interface Reading {
  /** The record it was read from. */
  InboundRecord record();

  /** Nobody proved who sent it, or it wants no answer: it is dead-lettered and not answered. */
  record Unproven(InboundRecord record, String code, String detail) implements Reading {}

  /**
   * Its sender is proven, but it cannot be decided: it is answered with a denial and dead-lettered.
   *
   * @param requestId null if it could not be read
   * @param code for the dead letter
   * @param replyCode for the denial
   */
  record Bad(
      InboundRecord record,
      SessionKey session,
      String requestId,
      ReplyAddress address,
      String code,
      String replyCode,
      String detail)
      implements Reading {}

  /** A tool call that wants a decision. */
  record Ask(
      InboundRecord record,
      PermissionRequest request,
      RequestKey key,
      String owner,
      ReplyAddress address,
      String digest,
      PermissionMode claimedMode)
      implements Reading {
    public SessionKey session() {
      return key.session();
    }
  }

  /** The agent reports that a call has ended. */
  record Finish(InboundRecord record, CallFinished finished, RequestKey key, String owner)
      implements Reading {}

  /** The agent gives a request up. */
  record Cancel(
      InboundRecord record,
      PermissionCancel cancel,
      RequestKey key,
      String owner,
      ReplyAddress address)
      implements Reading {
    public SessionKey session() {
      return key.session();
    }
  }
}
