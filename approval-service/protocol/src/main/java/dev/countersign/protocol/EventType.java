package dev.countersign.protocol;

import java.util.Arrays;
import java.util.Optional;

/** Every event there is: its CloudEvents type, its record and the topic that carries it. */
public enum EventType {
  PERMISSION_REQUESTED("permission.requested", PermissionRequest.class, Topics.REQUESTS),
  PERMISSION_CANCELLED("permission.cancelled", PermissionCancel.class, Topics.REQUESTS),
  CALL_FINISHED("call.finished", CallFinished.class, Topics.REQUESTS),
  PERMISSION_DECIDED("permission.decided", PermissionReply.class, Topics.REPLIES),
  PROMPT_CHANGED("prompt.changed", PromptState.class, Topics.PROMPTS),
  PROMPT_ANSWERED("prompt.answered", PermissionAnswer.class, Topics.ANSWERS),
  ANSWER_SETTLED("answer.settled", AnswerReply.class, Topics.ANSWER_REPLIES),
  INBOX_CHANGED("inbox.changed", InboxEvent.class, Topics.INBOX),
  RECEIPT_STORED("receipt.stored", Receipt.class, Topics.RECEIPTS),
  SESSION_COMMANDED("session.commanded", SessionCommand.class, Topics.SESSION_COMMANDS),
  SESSION_CHANGED("session.changed", SessionReply.class, Topics.SESSION_REPLIES),
  OVERRIDE_COMMANDED("override.commanded", OverrideCommand.class, Topics.OVERRIDE_COMMANDS),
  OVERRIDE_SETTLED("override.settled", OverrideReply.class, Topics.OVERRIDE_REPLIES),
  DOCUMENT_CHANGED("document.changed", OverrideDocument.class, Topics.OVERRIDE_DOCUMENTS),
  DEAD_LETTERED("record.dead-lettered", DeadLetter.class, Topics.DEAD_LETTERS);

  private static final String PREFIX = "dev.countersign.";

  private final String name;
  private final Class<? extends Event> record;
  private final String topic;

  EventType(String name, Class<? extends Event> record, String topic) {
    this.name = name;
    this.record = record;
    this.topic = topic;
  }

  /** The {@code ce_type} header, {@code dev.countersign.} and then the event's name. */
  public String ceType() {
    return PREFIX + name;
  }

  /** The event's name without the prefix: also the name of its schema and its examples. */
  public String shortName() {
    return name;
  }

  /** The record that is the event's value. */
  public Class<? extends Event> record() {
    return record;
  }

  /** The topic that carries it (a reply may go to another topic that its request named). */
  public String topic() {
    return topic;
  }

  /** The type of an event value. */
  public static EventType of(Event event) {
    return Arrays.stream(values())
        .filter(type -> type.record == event.getClass())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no type for " + event.getClass()));
  }

  /** The type a {@code ce_type} header names, or empty if it names none of ours. */
  public static Optional<EventType> ofCeType(String ceType) {
    return Arrays.stream(values()).filter(type -> type.ceType().equals(ceType)).findFirst();
  }
}
