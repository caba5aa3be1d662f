package dev.countersign.approval.sessions;

import dev.countersign.protocol.SessionView;
import java.util.ArrayList;
import java.util.List;

/**
 * What a session can do, as facts for the model's prompt: no mode labels, only what they mean.
 *
 * @param facts one sentence each
 */
public record Capabilities(String sessionId, long version, List<String> facts) {

  /** The facts of a session. */
  public static Capabilities of(SessionView session) {
    List<String> facts = new ArrayList<>();
    String where =
        session.workspaceRoots().isEmpty()
            ? "the working directory"
            : String.join(", ", session.workspaceRoots());
    facts.add(reading(session, where));
    facts.add(changing(session, where));
    facts.add(asking(session));
    facts.add(
        "What the system settled as always or never is saved by the system itself;"
            + " do not edit permission files for it.");
    facts.add(execution(session));
    return new Capabilities(session.sessionId(), session.version(), facts);
  }

  private static String reading(SessionView session, String where) {
    return switch (session.profile()) {
      case "full_access", "external_sandbox" -> "Reading files needs no approval.";
      default -> "Reading inside " + where + " needs no approval; reading outside is bounded.";
    };
  }

  private static String changing(SessionView session, String where) {
    if (session.permissionMode().equals("plan")) {
      return "Changing files is not possible now: make a plan and return it.";
    }
    return switch (session.profile()) {
      case "full_access" -> "Changing files and running commands needs no approval.";
      case "read_only" -> "Changing files and running commands is bounded.";
      default ->
          List.of("acceptEdits", "auto", "bypassPermissions").contains(session.permissionMode())
              ? "Editing files inside " + where + " needs no approval."
              : "Editing files and running commands is bounded, also inside " + where + ".";
    };
  }

  private static String asking(SessionView session) {
    if (session.headless()) {
      return "No person can be asked: what is bounded is denied at once.";
    }
    return switch (session.approvalPolicy()) {
      case "never_ask" -> "No person is asked.";
      case "block_requires_approval" -> "What is bounded is denied at once; do not wait for it.";
      case "approve_trusted" ->
          "What is bounded runs if the administrator trusts it; otherwise a person is asked.";
      default -> "What is bounded waits until a person answers.";
    };
  }

  private static String execution(SessionView session) {
    return switch (session.executionPolicy()) {
      case "foreground_only" -> "Run work in the foreground, one thing at a time.";
      case "fleet_preferred" -> "Independent work may run in the background, in parallel.";
      default -> "Independent work may run in the background.";
    };
  }
}
