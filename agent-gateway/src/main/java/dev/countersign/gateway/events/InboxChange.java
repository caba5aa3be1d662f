package dev.countersign.gateway.events;

import dev.countersign.protocol.InboxEvent;

/**
 * What a stream says of a change: whose inbox, and which prompt to read again. Inbox events are
 * signed by nobody, so nothing that a person would decide by is passed on from them; the prompt as
 * it is stored says what is asked, and whether it still is.
 */
record InboxChange(String viewer, String promptId) {
  static InboxChange of(InboxEvent event) {
    return new InboxChange(event.viewer(), event.promptId());
  }
}
