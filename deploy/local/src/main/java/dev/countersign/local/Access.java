package dev.countersign.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.Folders;
import dev.countersign.protocol.token.Roles;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How people and agents reach a ready stack: its address and the development tokens.
 *
 * @param url of the gateway
 * @param kafka how the client {@value #CLIENT} reaches the broker, by the names of Kafka's clients
 * @param kafkaLogin the file with that client's login; empty if the broker takes everybody
 * @param session the root session: {@value #SESSION}, or a successor of it if that was closed
 * @param agentToken may ask in that session
 * @param approverToken the person {@value #PERSON}, who owns that session and answers its prompts
 * @param adminToken the person {@value #ADMIN}, with every role
 */
public record Access(
    String url,
    Map<String, Object> kafka,
    Optional<Path> kafkaLogin,
    String session,
    String agentToken,
    String approverToken,
    String adminToken) {
  public static final String SESSION = "local";
  public static final String PERSON = "dev";
  public static final String ADMIN = "admin";

  /**
   * Who speaks Kafka itself; a session that is started with this client may name its reply topic.
   */
  public static final String CLIENT = "kcat";

  private static final Set<String> TAKEN = Set.of("session_closed", "session_exists");
  private static final int NUMBERED = 5;
  private static final int GUESSES = 3;
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
        stack.brokerAccess().client(CLIENT),
        stack.brokerAccess().clientLogin(),
        started.path("sessionId").asText(),
        started.path("sessionToken").asText(),
        approver,
        admin);
  }

  /**
   * A name that was given to another session, such as a child, is passed over too. Whoever may take
   * names cannot take all: after {@value #NUMBERED} they are random.
   */
  static JsonNode firstOpen(Gateway gateway) {
    Gateway.Reply reply = null;
    for (int number = 1; number <= NUMBERED + GUESSES; number++) {
      reply =
          gateway.postPatiently(
              "/v1/sessions", Map.of("sessionId", name(number), "client", CLIENT));
      if (!TAKEN.contains(reply.body().path("code").asText())) {
        break;
      }
    }
    return reply.orThrow();
  }

  private static String name(int number) {
    if (number == 1) {
      return SESSION;
    }
    return SESSION
        + "-"
        + (number <= NUMBERED
            ? String.valueOf(number)
            : new BigInteger(64, new SecureRandom()).toString(Character.MAX_RADIX));
  }

  private static String person(DevKeys keys, String person, List<String> roles) {
    return keys.personToken(person, roles, Instant.now(), LIFETIME);
  }

  /** The brokers' addresses. */
  public String bootstrapServers() {
    return kafka.get("bootstrap.servers").toString();
  }

  /** Writes them as {@code NAME=value} lines to a file that only its owner can read. */
  void write(Path file) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("COUNTERSIGN_URL", url);
    lines.put("COUNTERSIGN_SESSION", session);
    lines.put("COUNTERSIGN_AGENT_TOKEN", agentToken);
    lines.put("COUNTERSIGN_APPROVER_TOKEN", approverToken);
    lines.put("COUNTERSIGN_ADMIN_TOKEN", adminToken);
    lines.put("COUNTERSIGN_KAFKA", bootstrapServers());
    kafkaLogin.ifPresent(login -> lines.put("COUNTERSIGN_KAFKA_LOGIN", quoted(login)));
    String text =
        lines.entrySet().stream()
            .map(line -> line.getKey() + "=" + line.getValue() + "\n")
            .collect(Collectors.joining());
    Folders.writePrivate(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /** As a shell reads it, whatever is in it. */
  private static String quoted(Path path) {
    return "'" + path.toString().replace("'", "'\\''") + "'";
  }

  /** Never the tokens. */
  @Override
  public String toString() {
    return "Access to " + url;
  }
}
