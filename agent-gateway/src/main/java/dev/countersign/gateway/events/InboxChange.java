package dev.countersign.gateway.events;

import dev.countersign.protocol.InboxEvent;

/**
 * What is kept of an inbox event: whose inbox changed, and which prompt to read again. Inbox events
 * are signed by nobody, so nothing that a person would decide by is passed on from them; the prompt
 * as it is stored says what is asked, and whether it still is. So one takes no more bytes than its
 * ids may have.
 *
 * @param tenant says who may read it; not sent to them
 */
public record InboxChange(String tenant, String viewer, String promptId) {
  public static InboxChange of(InboxEvent event) {
    return new InboxChange(event.tenant(), event.viewer(), event.promptId());
  }
}
