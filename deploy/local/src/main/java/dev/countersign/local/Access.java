package dev.countersign.local;

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
import java.util.stream.Collectors;

/**
 * How people and agents reach a ready stack: its address and the development tokens.
 *
 * @param url of the gateway
 * @param kafka the broker's bootstrap address
 * @param agentToken may ask in the root session {@value #SESSION}
 * @param approverToken the person {@value #PERSON}, who owns that session and answers its prompts
 * @param adminToken the person {@value #ADMIN}, with every role
 */
public record Access(
    String url, String kafka, String agentToken, String approverToken, String adminToken) {
  public static final String SESSION = "local";
  public static final String PERSON = "dev";
  public static final String ADMIN = "admin";

  private static final Duration LIFETIME = Duration.parse(ServiceSettings.TOKEN_LIFETIME);

  /** Makes the tokens and, with the gateway, the root session (again the same one next time). */
  static Access open(Stack stack) {
    String url = "http://127.0.0.1:" + stack.ports().gateway();
    String approver = person(stack.keys(), PERSON, List.of(Roles.APPROVER));
    String admin = person(stack.keys(), ADMIN, List.of(Roles.APPROVER, Roles.ADMIN, Roles.BYPASS));
    String agent =
        new Gateway(url, approver)
            .postPatiently("/v1/sessions", Map.of("sessionId", SESSION))
            .orThrow()
            .path("sessionToken")
            .asText();
    return new Access(url, stack.bootstrapServers(), agent, approver, admin);
  }

  private static String person(DevKeys keys, String person, List<String> roles) {
    return keys.personToken(person, roles, Instant.now(), LIFETIME);
  }

  /** Writes them as {@code NAME=value} lines to a file that only its owner can read. */
  void write(Path file) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("COUNTERSIGN_URL", url);
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
