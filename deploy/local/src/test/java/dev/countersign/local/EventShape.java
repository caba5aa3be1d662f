package dev.countersign.local;

import dev.countersign.protocol.EventType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A valid event of a consumed topic, and what makes it useless field by field.
 *
 * @param json with {@code @id@} where an id that nothing else has belongs
 * @param key of its record, with {@code @id@} likewise
 * @param wrongs by the path of a field, the words of {@link BadRecords} for what it cannot be
 */
record EventShape(EventType type, String json, String key, Map<String, String> wrongs) {
  static final String ID = "absent null object list empty long huge nul half";
  private static final String OPTIONAL_ID = "object list empty long huge nul half";
  private static final String TENANT = OPTIONAL_ID + " unknown";
  static final String WORD = "absent null empty object list long unknown";
  private static final String TEXT = "object list long huge nul half";
  private static final String FREE_TEXT = "object list huge nul half";
  static final String FLAG = "object list text";
  private static final String OBJECT = "absent null text list";
  static final String OPTIONAL_OBJECT = "text list";

  /** Those of {@code permission.requests}, of one session. */
  static List<EventShape> ofRequests(String session) {
    return List.of(ask(session), cancel(session), finish(session));
  }

  /** Those of every other topic whose bad records are dead-lettered. */
  static List<EventShape> ofOthers() {
    return List.of(
        answer(), session(), setOverride(), writeDocument(), overrideReply(), document());
  }

  private static EventShape ask(String session) {
    Map<String, String> wrongs = new LinkedHashMap<>();
    wrongs.put("tenant", TENANT);
    wrongs.put("sessionId", ID + " unknown");
    wrongs.put("requestId", ID);
    wrongs.put("turnId", OPTIONAL_ID);
    wrongs.put("maxWaitMillis", "text object list negative");
    wrongs.put("claimedMode", TEXT + " unknown");
    wrongs.put("agentAsks", TEXT);
    wrongs.put("toolCall", OBJECT);
    wrongs.put("toolCall/tool", "absent null empty " + TEXT);
    wrongs.put("toolCall/input", OPTIONAL_OBJECT);
    wrongs.put("toolCall/input/command", "huge nul half");
    wrongs.put("toolCall/cwd", FREE_TEXT);
    wrongs.put("toolCall/home", FREE_TEXT);
    wrongs.put("toolCall/resolvedPaths", "text list gap longgap");
    wrongs.put("toolCall/workspaceRoots", "text object nulls");
    return new EventShape(
        EventType.PERMISSION_REQUESTED,
        """
        {"tenant":"default","sessionId":"%s","requestId":"@id@","turnId":"t1","maxWaitMillis":1000,
         "claimedMode":"default","agentAsks":"why",
         "toolCall":{"tool":"Bash","input":{"command":"ls"},"cwd":"/proj/shop","home":"/home/ann",
           "resolvedPaths":{"/proj/a":"/b"},"workspaceRoots":["/proj/shop"]}}
        """
            .formatted(session),
        session,
        wrongs);
  }

  private static EventShape cancel(String session) {
    return new EventShape(
        EventType.PERMISSION_CANCELLED,
        """
        {"tenant":"default","sessionId":"%s","requestId":"@id@","reason":"no"}
        """
            .formatted(session),
        session,
        Map.of("tenant", TENANT, "sessionId", ID + " unknown", "requestId", ID, "reason", TEXT));
  }

  /** Also a report about a request that does not exist is a bad one, whatever its fields. */
  private static EventShape finish(String session) {
    return new EventShape(
        EventType.CALL_FINISHED,
        """
        {"tenant":"default","sessionId":"%s","requestId":"@id@","result":"succeeded"}
        """
            .formatted(session),
        session,
        Map.of(
            "tenant", TENANT,
            "sessionId", ID + " unknown",
            "requestId", ID + " unknown",
            "result", TEXT + " unknown"));
  }

  /** To a prompt that does not exist. */
  private static EventShape answer() {
    return new EventShape(
        EventType.PROMPT_ANSWERED,
        """
        {"tenant":"default","promptId":"@id@","answerId":"@id@","optionId":"allow_once",
         "digest":"d","feedback":"fine","editedInput":{"command":"ls"}}
        """,
        "@id@",
        Map.of(
            "tenant", TENANT,
            "promptId", ID,
            "answerId", ID,
            "optionId", "absent null empty " + TEXT + " unknown",
            "digest", FREE_TEXT,
            "feedback", TEXT,
            "editedInput", OPTIONAL_OBJECT));
  }

  private static EventShape session() {
    Map<String, String> wrongs = new LinkedHashMap<>();
    wrongs.put("tenant", TENANT);
    wrongs.put("commandId", ID);
    wrongs.put("sessionId", ID);
    wrongs.put("action", "absent null unknown object list long");
    wrongs.put("owner", TEXT);
    wrongs.put("parentSessionId", OPTIONAL_ID);
    wrongs.put("reason", TEXT);
    wrongs.put("settings", OPTIONAL_OBJECT);
    wrongs.put("settings/permissionMode", "null object list unknown long");
    wrongs.put("settings/permission_mode", "text");
    wrongs.put("settings/workspaceRoots", "text object nulls");
    wrongs.put("settings/overlay", "text list");
    return new EventShape(
        EventType.SESSION_COMMANDED,
        """
        {"tenant":"default","commandId":"@id@","sessionId":"@id@","action":"start",
         "settings":{"permissionMode":"default","workspaceRoots":["/proj/shop"]},"reason":"why"}
        """,
        "@id@",
        wrongs);
  }

  private static EventShape setOverride() {
    Map<String, String> wrongs = new LinkedHashMap<>();
    wrongs.put("tenant", TENANT);
    wrongs.put("commandId", ID);
    wrongs.put("user", ID);
    wrongs.put("action", WORD);
    wrongs.put("tool", "absent null empty " + TEXT);
    wrongs.put("resource", TEXT);
    wrongs.put("level", WORD);
    wrongs.put("keepNarrower", FLAG);
    wrongs.put("until", "text object list long nul");
    wrongs.put("source", OBJECT);
    wrongs.put("source/via", WORD);
    wrongs.put("source/actor", "absent null empty object list long");
    return new EventShape(
        EventType.OVERRIDE_COMMANDED,
        """
        {"tenant":"default","commandId":"@id@","user":"@id@","action":"set","tool":"Bash",
         "resource":"make bad","level":"ask","source":{"via":"prompt","actor":"@id@"}}
        """,
        "@id@",
        wrongs);
  }

  private static EventShape writeDocument() {
    return new EventShape(
        EventType.OVERRIDE_COMMANDED,
        """
        {"tenant":"default","commandId":"@id@","user":"@id@","action":"write","expectedVersion":0,
         "document":{"schemaVersion":1,"tools":{}},"source":{"via":"agent","actor":"@id@"}}
        """,
        "@id@",
        Map.of(
            "document", OBJECT,
            "document/schemaVersion", "null text object list negative",
            "document/tools", "text list",
            "document/tools/Bash", "text list",
            "expectedVersion", "absent null text object list negative"));
  }

  private static EventShape overrideReply() {
    return new EventShape(
        EventType.OVERRIDE_SETTLED,
        """
        {"tenant":"default","commandId":"@id@","user":"@id@","ok":true,"code":"ok","version":1,
         "document":{"schemaVersion":1,"tools":{}}}
        """,
        "@id@",
        Map.of(
            "tenant", TENANT,
            "user", "object list nul half",
            "ok", FLAG,
            "code", "absent null empty long object list",
            "version", FLAG,
            "document", OPTIONAL_OBJECT));
  }

  private static EventShape document() {
    return new EventShape(
        EventType.DOCUMENT_CHANGED,
        """
        {"tenant":"default","user":"@id@","version":1,"document":{"schemaVersion":1,"tools":{}}}
        """,
        "@id@",
        Map.of(
            "tenant",
            TENANT,
            "user",
            ID + " unknown",
            "version",
            "absent null object list text negative",
            "document",
            OBJECT));
  }
}
