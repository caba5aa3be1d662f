package dev.countersign.local;

import static dev.countersign.local.EventShape.FLAG;
import static dev.countersign.local.EventShape.ID;
import static dev.countersign.local.EventShape.OPTIONAL_OBJECT;
import static dev.countersign.local.EventShape.WORD;

import dev.countersign.protocol.EventType;
import java.util.List;
import java.util.Map;

/** Events of the topics that only the gateway reads; it passes over what it cannot use. */
final class HintShapes {
  static final List<EventShape> ALL = List.of(decision(), sessionReply(), answerReply(), inbox());

  private HintShapes() {}

  private static EventShape decision() {
    return new EventShape(
        EventType.PERMISSION_DECIDED,
        """
        {"sessionId":"@id@","requestId":"@id@","effect":"allow","decidedBy":"rule",
         "code":"allowed","reason":"fine"}
        """,
        "@id@",
        Map.of("effect", WORD, "decidedBy", WORD + " huge", "editedInput", OPTIONAL_OBJECT));
  }

  private static EventShape sessionReply() {
    return new EventShape(
        EventType.SESSION_CHANGED,
        """
        {"commandId":"@id@","sessionId":"@id@","ok":true,"code":"ok"}
        """,
        "@id@",
        Map.of("ok", FLAG, "code", ID, "session", OPTIONAL_OBJECT));
  }

  private static EventShape answerReply() {
    return new EventShape(
        EventType.ANSWER_SETTLED,
        """
        {"promptId":"@id@","answerId":"@id@","outcome":"accepted","code":"ok"}
        """,
        "@id@",
        Map.of("outcome", WORD, "code", ID, "decision", OPTIONAL_OBJECT));
  }

  private static EventShape inbox() {
    return new EventShape(
        EventType.INBOX_CHANGED,
        """
        {"viewer":"@id@","promptId":"@id@","sessionId":"@id@","rev":1,"state":"open"}
        """,
        "@id@",
        Map.of("viewer", ID, "promptId", ID, "state", WORD, "rev", FLAG, "prompt", "text list"));
  }
}
