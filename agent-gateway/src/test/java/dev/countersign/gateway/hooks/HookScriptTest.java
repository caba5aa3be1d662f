package dev.countersign.gateway.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The hook command with a real shell: it allows only on a whole answer, else it blocks. */
class HookScriptTest {
  private static final String ALLOW =
      "{\"hookSpecificOutput\":{\"hookEventName\":\"PreToolUse\",\"permissionDecision\":\"allow\","
          + "\"permissionDecisionReason\":\"Countersign: Allowed.\"}}";
  private static final String EVENT =
      "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\","
          + "\"tool_input\":{\"command\":\"printf 'a\\\\n\\u00e9'\"}}";
  private static final String TOKEN = "header.payload-_.signature";

  /** So long that no machine is too slow to answer, and shorter than a run may take here. */
  private static final String LONG = "50";

  private static final String SHORT = "6";

  @TempDir Path folder;
  private HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();
  private HookCommand hook;
  private Map<String, String> environment;
  private final CompletableFuture<HttpExchange> received = new CompletableFuture<>();
  private volatile String body;

  @BeforeEach
  void prepare() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(workers);
    server.start();
    hook = new HookCommand(folder, EVENT);
    environment = hook.environment();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", "/home/u");
    environment.put("TMPDIR", folder.toString());
    environment.put("COUNTERSIGN_URL", "http://127.0.0.1:" + server.getAddress().getPort());
    environment.put("COUNTERSIGN_AGENT_TOKEN", TOKEN);
    environment.put("COUNTERSIGN_HOOK_SECONDS", LONG);
  }

  @AfterEach
  void stop() {
    server.stop(0);
    workers.shutdownNow();
  }

  private void answers(int status, String type, String text) {
    server.createContext(
        "/v1/hooks/claude-code",
        http -> {
          body = new String(http.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          received.complete(http);
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          http.getResponseHeaders().set("Content-Type", type);
          http.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          http.getResponseBody().write(bytes);
          http.close();
        });
  }

  private static String framed(String json) {
    return "countersign-hook 1\n" + json + "\nend countersign-hook";
  }

  private void assertBlocked(HookCommand.Run run, String reason) {
    assertEquals(2, run.exit(), run.toString());
    assertEquals("", run.output());
    assertTrue(run.errors().contains(reason), run.errors());
    assertTrue(run.errors().contains("The tool was not run."), run.errors());
    assertFalse(run.errors().contains(TOKEN), "the token shows");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash"})
  void aWholeAnswerIsPrinted(String shell) throws Exception {
    answers(200, "text/plain", framed(ALLOW));
    HookCommand.Run run = hook.run(shell);
    assertEquals(0, run.exit(), run.toString());
    assertEquals(ALLOW + "\n", run.output());
    assertEquals("", run.errors());
    assertEquals(EVENT, body);
    HttpExchange http = received.join();
    assertEquals("Bearer " + TOKEN, http.getRequestHeaders().getFirst("Authorization"));
    assertEquals("text/plain", http.getRequestHeaders().getFirst("Accept"));
    assertEquals("wait=46", http.getRequestHeaders().getFirst("Prefer"));
    assertEquals("/home/u", http.getRequestHeaders().getFirst("Countersign-Home"));
  }

  static List<String> nonsense() {
    return List.of(
        "",
        "ok",
        ALLOW,
        "<html><body>Welcome</body></html>",
        framed(ALLOW).substring(0, 60),
        framed(ALLOW).replace("\nend countersign-hook", ""),
        framed(ALLOW).replace("}}", ""),
        framed("[]"),
        framed("{}"),
        framed(ALLOW.replace("allow", "ask")),
        framed(ALLOW.replace("allow", "Allow")),
        framed(ALLOW.replace("permissionDecision\":", "decision\":")),
        framed(ALLOW.replace("\"PreToolUse\"", "\"SessionStart\"")),
        framed("{\"hookSpecificOutput\":{}}"),
        framed("<html>"),
        framed(ALLOW) + "\nmore",
        "HTTP/1.1 200 OK\n\n" + framed(ALLOW),
        "\u0000\u0001\u0002");
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void nonsenseBlocks(String answer) throws Exception {
    answers(200, "text/plain", answer);
    assertBlocked(hook.run("sh"), "Countersign: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 204, 301, 307, 400, 500, 502, 503})
  void anyStatusButOkBlocks(int status) throws Exception {
    answers(status, "text/plain", status == 204 ? "" : framed(ALLOW));
    assertBlocked(hook.run("sh"), "Countersign: ");
  }

  @Test
  void aProblemOfTheGatewayIsTold() throws Exception {
    answers(
        401, "application/problem+json", "{\"title\":\"No.\",\"detail\":\"The token expired.\"}");
    assertBlocked(hook.run("sh"), "The gateway refused: The token expired.");
  }

  @Test
  void aRefusedConnectionBlocks() throws Exception {
    server.stop(0);
    assertBlocked(hook.run("sh"), "does not answer");
  }

  @Test
  void aSlowGatewayBlocksInTime() throws Exception {
    environment.put("COUNTERSIGN_HOOK_SECONDS", SHORT);
    server.createContext("/", http -> received.complete(http));
    HookCommand.Run run = hook.run("sh");
    assertBlocked(run, "decision came");
  }

  @Test
  void anAnswerThatBreaksOffBlocks() throws Exception {
    server.createContext(
        "/",
        http -> {
          http.sendResponseHeaders(200, 5000);
          http.getResponseBody().write(framed(ALLOW).getBytes(StandardCharsets.UTF_8));
          http.getResponseBody().flush();
          server.stop(0);
        });
    assertBlocked(hook.run("sh"), "Countersign: ");
  }

  @Test
  void aSilentPeerBlocksInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      environment.put("COUNTERSIGN_HOOK_SECONDS", SHORT);
      environment.put("COUNTERSIGN_URL", "http://127.0.0.1:" + silent.getLocalPort());
      assertBlocked(hook.run("sh"), "decision came");
    }
  }

  @Test
  void proxiesAndCurlSettingsAreIgnored() throws Exception {
    answers(200, "text/plain", framed(ALLOW));
    environment.put("http_proxy", "http://127.0.0.1:1");
    environment.put("ALL_PROXY", "http://127.0.0.1:1");
    assertEquals(0, hook.run("sh").exit());
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash"})
  void anInputThatNeverEndsBlocksInTime(String shell) throws Exception {
    environment.put("COUNTERSIGN_HOOK_SECONDS", SHORT);
    answers(200, "text/plain", framed(ALLOW));
    Process process = hook.start(shell);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the hook command hangs");
    assertBlocked(hook.result(process), "stopped before a decision");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash"})
  void aSignalBlocksAtOnceAndLeavesNothingBehind(String shell) throws Exception {
    server.createContext("/", http -> received.complete(http));
    Process process = hook.start(shell);
    process.getOutputStream().write(EVENT.getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().close();
    received.get(60, TimeUnit.SECONDS);
    List<ProcessHandle> children = process.descendants().toList();
    assertFalse(children.isEmpty());
    assertTrue(
        children.stream()
            .map(child -> child.info().commandLine().orElse(""))
            .noneMatch(line -> line.contains(TOKEN)),
        "the token stands on a command line");
    process.destroy();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the hook command hangs");
    assertBlocked(hook.result(process), "stopped before a decision");
    for (ProcessHandle child : children) {
      child.onExit().get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void aWrongEnvironmentBlocks() throws Exception {
    answers(200, "text/plain", framed(ALLOW));
    String url = environment.get("COUNTERSIGN_URL");
    environment.remove("COUNTERSIGN_URL");
    assertBlocked(hook.run("sh"), "COUNTERSIGN_URL is not set.");
    for (String wrong : List.of("gateway:8080", "file:///etc/passwd", url + "\"\nproxy = x")) {
      environment.put("COUNTERSIGN_URL", wrong);
      assertBlocked(hook.run("sh"), "COUNTERSIGN_URL");
    }
    environment.put("COUNTERSIGN_URL", url);
    environment.remove("COUNTERSIGN_AGENT_TOKEN");
    assertBlocked(hook.run("sh"), "COUNTERSIGN_AGENT_TOKEN is not set.");
    environment.put("COUNTERSIGN_AGENT_TOKEN", "a\"\nurl = b");
    assertBlocked(hook.run("sh"), "COUNTERSIGN_AGENT_TOKEN is not a token.");
    environment.put("COUNTERSIGN_AGENT_TOKEN", TOKEN);
    for (String wrong : List.of("0", "1", "08", "x", "-5", "99999", "5.5")) {
      environment.put("COUNTERSIGN_HOOK_SECONDS", wrong);
      assertBlocked(hook.run("sh"), "COUNTERSIGN_HOOK_SECONDS");
    }
    environment.put("COUNTERSIGN_HOOK_SECONDS", LONG);
    environment.put("TMPDIR", "/nowhere");
    assertBlocked(hook.run("sh"), "No temporary file");
  }

  @ParameterizedTest
  @MethodSource(HookEvents.THAT_ONLY_TELL)
  void whatOnlyTellsSomethingBlocksNothing(String name) throws Exception {
    HookCommand telling = new HookCommand(folder, "{\"hook_event_name\":\"" + name + "\"}");
    telling.environment().putAll(environment);
    answers(200, "text/plain", framed("{}"));
    assertEquals("{}\n", telling.run("sh").output());
    server.stop(0);
    for (String shell : List.of("sh", "bash")) {
      HookCommand.Run run = telling.run(shell);
      assertEquals(1, run.exit(), run.toString());
      assertEquals("", run.output());
      assertTrue(run.errors().contains("does not answer"), run.errors());
      assertFalse(run.errors().contains("was not run"), run.errors());
    }
    telling.environment().remove("COUNTERSIGN_URL");
    assertEquals(1, telling.run("sh").exit());
    try (var left = java.nio.file.Files.list(folder)) {
      assertTrue(left.noneMatch(f -> f.getFileName().toString().startsWith("countersign-hook")));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tool_input\":{\"hook_event_name\":\"PostToolUse\"},\"hook_event_name\":\"PreToolUse\"}",
        "{\"hook_event_name\" : \"PreToolUse\",\"a\":{\"hook_event_name\":\"Stop\"}}",
        "{\"hook_event_name\":\"SomethingNew\"}",
        "{\"hook_event_name\":\"StopX\"}",
        "PostToolUse",
        "",
      })
  void whatMayBeAToolThatIsToRunBlocks(String event) throws Exception {
    HookCommand unclear = new HookCommand(folder, event);
    unclear.environment().putAll(environment);
    server.stop(0);
    assertBlocked(unclear.run("sh"), "does not answer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"tool_name\":\"Bash\"}",
        "{\"hook_event_name\":null,\"tool_name\":\"Bash\"}",
        "{\"hook_event_name\":\"pretooluse\",\"tool_name\":\"Bash\"}",
        "{\"HOOK_EVENT_NAME\":\"PreToolUse\",\"tool_name\":\"Bash\"}",
        "{\"hook_event_name\":\"PermissionRequest\",\"tool_name\":\"Bash\"}",
        "{\"hook_event_name\":\"SomethingNew\",\"toolName\":\"Bash\"}",
        "{}",
      })
  void whatNamesAToolAndIsNoKnownEventBlocksWhateverTheGatewaySays(String event) throws Exception {
    HookCommand unclear = new HookCommand(folder, event);
    unclear.environment().putAll(environment);
    answers(200, "text/plain", framed("{}"));
    assertBlocked(unclear.run("sh"), "The gateway decided nothing.");
    for (String decision : List.of("allow", "deny")) {
      server.removeContext("/v1/hooks/claude-code");
      answers(200, "text/plain", framed(ALLOW.replace("allow", decision)));
      assertBlocked(unclear.run("bash"), "The event is no known one. Allowed.");
    }
  }

  @Test
  void anEventOfAnotherKindThatNamesNoToolGoesOn() throws Exception {
    HookCommand other = new HookCommand(folder, "{\"hook_event_name\":\"PreCompact\"}");
    other.environment().putAll(environment);
    answers(200, "text/plain", framed("{}"));
    assertEquals("{}\n", other.run("sh").output());
  }

  @Test
  void aTextThatSpeaksOfTheHookStopsNothing() throws Exception {
    String text = "Explain the PreToolUse hook, \\\"PreToolUse\\\" in its settings";
    answers(200, "text/plain", framed("{}"));
    for (String event :
        List.of(
            "{\"hook_event_name\":\"UserPromptSubmit\",\"prompt\":\"" + text + "\"}",
            "{\"hook_event_name\":\"Stop\",\"last_assistant_message\":\"" + text + "\"}",
            "{\"hook_event_name\":\"PostToolUse\",\"tool_response\":\"" + text + "\"}")) {
      HookCommand telling = new HookCommand(folder, event);
      telling.environment().putAll(environment);
      assertEquals("{}\n", telling.run("sh").output(), event);
    }
  }

  @Test
  void withoutCurlItBlocks() throws Exception {
    environment.put("PATH", "/nowhere");
    assertBlocked(hook.run("/bin/sh"), "curl is not installed.");
  }
}
