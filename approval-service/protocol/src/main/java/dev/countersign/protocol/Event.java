package dev.countersign.protocol;

/**
 * An event on the wire: a JSON value under CloudEvents headers in binary content mode.
 *
 * <p>Readers ignore fields they do not know, so a field may be added at any time; a field is never
 * renamed and never changes its type.
 */
public sealed interface Event
    permits PermissionRequest,
        PermissionCancel,
        CallFinished,
        PermissionReply,
        PromptState,
        PermissionAnswer,
        AnswerReply,
        InboxEvent,
        Receipt,
        SessionCommand,
        SessionReply,
        OverrideCommand,
        OverrideReply,
        OverrideDocument,
        DeadLetter {

  /** The tenant the event belongs to; {@code default} where there is only one. */
  String tenant();

  /** The key of the Kafka record that carries this event; never null except for a dead letter. */
  String key();
}
