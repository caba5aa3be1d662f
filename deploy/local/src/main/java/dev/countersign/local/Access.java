package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.Folders;
import dev.countersign.protocol.token.Roles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How people and agents reach a ready stack: its address and the development tokens.
 *
 * @param url of the gateway
 * @param kafka the broker's bootstrap address
 * @param session the root session: {@value #SESSION}, or a successor of it if that was closed
 * @param agentToken may ask in that session
 * @param approverToken the person {@value #PERSON}, who owns that session and answers its prompts
 * @param adminToken the person {@value #ADMIN}, with every role
 */
public record Access(
    String url,
    String kafka,
    String session,
    String agentToken,
    String approverToken,
    String adminToken) {
  public static final String SESSION = "local";
  public static final String PERSON = "dev";
  public static final String ADMIN = "admin";

  private static final Set<String> TAKEN = Set.of("session_closed", "session_exists");
  private static final Duration LIFETIME = Duration.parse(ServiceSettings.TOKEN_LIFETIME);

  /**
   * Makes the tokens and, with the gateway, the root session: the same one again, unless somebody
   * closed it. That is final, and its agent may do it, so another one takes its place.
   */
  static Access open(Stack stack) {
    String url = "http://127.0.0.1:" + stack.ports().gateway();
    String approver = person(stack.keys(), PERSON, List.of(Roles.APPROVER));
    String admin = person(stack.keys(), ADMIN, List.of(Roles.APPROVER, Roles.ADMIN, Roles.BYPASS));
    JsonNode started = firstOpen(new Gateway(url, approver));
    return new Access(
        url,
        stack.bootstrapServers(),
        started.path("sessionId").asText(),
        started.path("sessionToken").asText(),
        approver,
        admin);
  }

  /** A name that was given to another session, such as a child, is passed over too. */
  private static JsonNode firstOpen(Gateway gateway) {
    for (int number = 1; ; number++) {
      String id = number == 1 ? SESSION : SESSION + "-" + number;
      Gateway.Reply reply = gateway.postPatiently("/v1/sessions", Map.of("sessionId", id));
      if (!TAKEN.contains(reply.body().path("code").asText())) {
        return reply.orThrow();
      }
    }
  }

  private static String person(DevKeys keys, String person, List<String> roles) {
    return keys.personToken(person, roles, Instant.now(), LIFETIME);
  }

  /** Writes them as {@code NAME=value} lines to a file that only its owner can read. */
  void write(Path file) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("COUNTERSIGN_URL", url);
    lines.put("COUNTERSIGN_SESSION", session);
    lines.put("COUNTERSIGN_AGENT_TOKEN", agentToken);
    lines.put("COUNTERSIGN_APPROVER_TOKEN", approverToken);
    lines.put("COUNTERSIGN_ADMIN_TOKEN", adminToken);
    lines.put("COUNTERSIGN_KAFKA", kafka);
    String text =
        lines.entrySet().stream()
            .map(line -> line.getKey() + "=" + line.getValue() + "\n")
            .collect(Collectors.joining());
    Folders.writePrivate(file, text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Never the tokens. */
  @Override
  public String toString() {
    return "Access to " + url;
  }
}
