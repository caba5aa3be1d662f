package dev.countersign.store.commands;

import dev.countersign.protocol.OverrideReply;
import dev.countersign.store.users.WriteRequest;

/** What a record of {@code override.commands} turned out to be. */
sealed interface Received {
  /** A command by a sender who may give it. */
  record Command(WriteRequest request) implements Received {}

  /** The sender is proven, but this cannot be carried out: it gets a reply and a dead letter. */
  record Refused(OverrideReply reply) implements Received {}

  /** Nobody is proven to have sent this: a dead letter, and no reply. */
  record Unproven(String code, String detail) implements Received {}
}
