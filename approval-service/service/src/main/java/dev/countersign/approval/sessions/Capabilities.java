package dev.countersign.approval.sessions;

import dev.countersign.policy.Area;
import dev.countersign.policy.Boundary;
import dev.countersign.policy.EffectivePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * What a session can do, as facts for the model's prompt: no labels of modes or profiles, only what
 * they mean.
 *
 * @param version of the session; the facts hold as long as it stays
 * @param facts one sentence each
 */
public record Capabilities(String sessionId, long version, List<String> facts) {
  private static final String STEERING =
      "files that steer tools (.git, .claude, shell start-up files)";

  public Capabilities {
    facts = List.copyOf(facts);
  }

  /** The facts of a session. */
  public static Capabilities of(StoredSession session, EffectivePermissions permissions) {
    Boundary boundary = Boundary.of(permissions);
    String outside = boundary.approvals() ? "needs approval" : "is refused";
    List<String> facts = new ArrayList<>();
    facts.add(reading(boundary, outside));
    facts.add(changing(boundary, outside));
    if (boundary.deletes().nothing() && !boundary.planning()) {
      facts.add("Deleting files " + outside + ".");
    }
    facts.add(running(boundary, outside));
    facts.add(contacting(boundary, outside));
    if (!boundary.otherTools()) {
      facts.add("Using tools of other servers (MCP) " + outside + ".");
    }
    facts.add(
        boundary.approvals()
            ? "Where approval is needed, a person is asked and the call waits for the answer."
            : "Nobody can be asked for approval in this session.");
    facts.add(working(boundary, outside));
    facts.add("Rules and earlier answers may refuse or allow more than this.");
    return new Capabilities(session.key().id(), session.version(), facts);
  }

  private static String reading(Boundary boundary, String outside) {
    return boundary.reads().everywhere()
        ? "Reading any file is allowed."
        : "Reading inside "
            + boundary.reads().text()
            + " is allowed; elsewhere it "
            + outside
            + ".";
  }

  private static String changing(Boundary boundary, String outside) {
    Area edits = boundary.edits();
    if (boundary.planning()) {
      String but =
          boundary.planFile() == null ? "" : " Only " + boundary.planFile() + " may be written.";
      return "Changing files is refused for now: return what should be changed as the result."
          + but;
    }
    if (edits.nothing()) {
      return "Changing files " + outside + ".";
    }
    String guarded = boundary.guarded() ? "" : "for " + STEERING + " it " + outside;
    if (edits.everywhere()) {
      return "Changing any file is allowed" + (guarded.isEmpty() ? "." : "; " + guarded + ".");
    }
    return "Changing files inside %s is allowed; elsewhere%s it %s."
        .formatted(edits.text(), guarded.isEmpty() ? "" : " and for " + STEERING, outside);
  }

  private static String running(Boundary boundary, String outside) {
    List<String> commands = boundary.commands();
    if (commands.contains("*")) {
      return boundary.hosts().contains("*")
          ? "Running any shell command is allowed."
          : "Running any shell command that contacts no other host is allowed.";
    }
    return "Running shell commands that only read%s is allowed; running others %s."
        .formatted(
            commands.isEmpty()
                ? ""
                : ", and those that begin with " + String.join(" or ", commands) + ",",
            outside);
  }

  private static String contacting(Boundary boundary, String outside) {
    List<String> hosts = boundary.hosts();
    if (hosts.contains("*")) {
      return "Contacting any host is allowed.";
    }
    return hosts.isEmpty()
        ? "Contacting the network " + outside + "."
        : "Contacting %s is allowed; other hosts: it %s."
            .formatted(String.join(" or ", hosts), outside);
  }

  private static String working(Boundary boundary, String outside) {
    return switch (boundary.execution()) {
      case FOREGROUND_ONLY ->
          "Run work in the foreground, one thing at a time; in the background it " + outside + ".";
      case BACKGROUND_PREFERRED -> "Independent work is best run in the background.";
      case FLEET_PREFERRED ->
          "Independent work is best run in the background, several things at once.";
    };
  }
}
