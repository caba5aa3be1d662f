package dev.countersign.gateway.sessions;

import dev.countersign.protocol.SessionSettings;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What the body of a start holds beside the settings. Everything may be left out.
 *
 * @param sessionId made by the caller so that it can start again; else a new one
 * @param owner the user it runs for; another one than the caller needs the role admin
 * @param parentSessionId with a session's token: that session, unless another is named
 * @param client names the reply topic {@code permission.replies.<client>}; if left out, {@code
 *     gateway}, or with a session's token its own, the only one that it may name
 */
@Schema(allOf = SessionSettings.class)
public record StartBody(
    String sessionId, String owner, String parentSessionId, String client, String reason) {}
