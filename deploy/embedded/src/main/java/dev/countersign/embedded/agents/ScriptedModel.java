package dev.countersign.embedded.agents;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A model that does what it is told: it speaks the Anthropic Messages API on loopback and, turn by
 * turn, uses the tools of its script, then ends. Which turn it is it reads from the conversation,
 * so an agent may repeat a request.
 */
public final class ScriptedModel implements AutoCloseable {
  /**
   * One use of a tool.
   *
   * @param inputJson the tool's input, as JSON
   */
  public record ToolUse(String tool, String inputJson) {
    /** Runs a shell command. */
    public static ToolUse bash(String command) {
      return new ToolUse(
          "Bash",
          "{\"command\":%s,\"description\":\"Runs a scripted command\"}"
              .formatted(MessagesApi.quote(command)));
    }
  }

  private final String run = UUID.randomUUID().toString().replace("-", "").substring(0, 16);
  private final List<ToolUse> script;
  private final List<String> conversations = new CopyOnWriteArrayList<>();
  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();

  private ScriptedModel(List<ToolUse> script) {
    this.script = List.copyOf(script);
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(workers);
    server.start();
  }

  /** Starts a model that uses these tools, one per turn. */
  public static ScriptedModel start(ToolUse... script) {
    return new ScriptedModel(List.of(script));
  }

  /** For {@code ANTHROPIC_BASE_URL}. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The bodies of all requests of the agent's main loop, in order. */
  public List<String> conversations() {
    return List.copyOf(conversations);
  }

  /** The last request of the main loop: it holds every tool result the agent reported. */
  public String lastConversation() {
    return conversations.isEmpty() ? "" : conversations.get(conversations.size() - 1);
  }

  private void answer(HttpExchange http) throws IOException {
    try (http) {
      String body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String path = http.getRequestURI().getPath();
      if (path.endsWith("/messages")) {
        message(http, body);
      } else {
        send(http, "application/json", "{\"input_tokens\":10}");
      }
    }
  }

  private void message(HttpExchange http, String body) throws IOException {
    // An agent also asks for titles and the like; only its main loop offers the tools.
    boolean main =
        script.stream().allMatch(use -> body.contains("\"name\":" + MessagesApi.quote(use.tool())));
    int turn = MessagesApi.toolResults(body);
    if (main) {
      conversations.add(body);
    }
    MessagesApi answer =
        main && turn < script.size()
            ? MessagesApi.toolUse("toolu_" + run + turn, script.get(turn))
            : MessagesApi.text("Done.");
    if (body.contains("\"stream\":true")) {
      send(http, "text/event-stream", answer.events());
    } else {
      send(http, "application/json", answer.message());
    }
  }

  private static void send(HttpExchange http, String type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    http.getResponseHeaders().set("Content-Type", type);
    if (http.getRequestMethod().equals("HEAD")) {
      http.sendResponseHeaders(200, -1);
      return;
    }
    http.sendResponseHeaders(200, bytes.length);
    http.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
