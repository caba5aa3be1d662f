package dev.countersign.gateway.sessions;

import dev.countersign.protocol.Engine;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.SessionSettings;
import java.util.List;

/**
 * The body of a start. Everything may be left out.
 *
 * @param sessionId made by the caller so that it can start again; else a new one
 * @param owner the user it runs for; another one than the caller needs the role admin
 * @param parentSessionId with a session's token: that session, unless another is named
 * @param client names the reply topic {@code permission.replies.<client>}; {@code gateway} if left
 *     out
 */
public record StartBody(
    String sessionId,
    String owner,
    String parentSessionId,
    String client,
    Engine engine,
    String permissionMode,
    String profile,
    String approvalPolicy,
    String executionPolicy,
    Boolean headless,
    List<String> workspaceRoots,
    RuleSet overlay,
    RuleSet project,
    RuleSet session,
    String planFile,
    String reason) {
  static final StartBody EMPTY =
      new StartBody(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null);

  SessionSettings settings() {
    return new SessionSettings(
        permissionMode,
        profile,
        approvalPolicy,
        executionPolicy,
        headless,
        workspaceRoots,
        overlay,
        project,
        session,
        planFile,
        engine);
  }
}
