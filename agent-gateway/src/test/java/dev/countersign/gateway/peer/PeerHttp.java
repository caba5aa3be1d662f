package dev.countersign.gateway.peer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PermissionReply;
import dev.countersign.protocol.Problem;
import dev.countersign.protocol.PromptState;
import dev.countersign.protocol.SessionView;
import dev.countersign.protocol.token.TokenClaims;
import dev.countersign.protocol.token.TokenException;
import dev.countersign.protocol.token.TokenType;
import dev.countersign.protocol.token.TokenVerifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The internal HTTP of the approval service and the permission store, as far as is needed. */
final class PeerHttp implements AutoCloseable {
  private static final int LARGE = 6_000_000;

  private final PeerState state;
  private final TokenVerifier verifier;
  private final HttpServer server;
  private final ExecutorService workers = Executors.newCachedThreadPool();

  PeerHttp(PeerState state, TokenVerifier verifier) {
    this.state = state;
    this.verifier = verifier;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::handle);
    server.setExecutor(workers);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange http) throws IOException {
    try (http) {
      String path = http.getRequestURI().getPath();
      if (path.startsWith("/q/health")) {
        answer(http, 200, Map.of("status", "UP"));
        return;
      }
      String header = http.getRequestHeaders().getFirst("Authorization");
      TokenClaims caller =
          verifier.verify(
              header == null ? null : header.substring(7),
              Instant.now(),
              TokenType.SESSION,
              TokenType.PERSON);
      route(http, path, caller, new String(http.getRequestBody().readAllBytes()));
    } catch (TokenException e) {
      answer(http, 401, Problem.of(401, e.code(), "No.", e.getMessage()));
    }
  }

  private void route(HttpExchange http, String path, TokenClaims caller, String body)
      throws IOException {
    String[] parts = path.split("/");
    String id = parts.length > 3 ? parts[3] : null;
    switch (parts[2]) {
      case "requests" -> {
        state.mostReading.accumulateAndGet(state.reading.incrementAndGet(), Math::max);
        try {
          request(http, id);
        } finally {
          state.reading.decrementAndGet();
        }
      }
      case "sessions" -> {
        if (path.endsWith("/tools")) {
          answer(http, 200, Map.of("sessionId", id, "tools", List.of()));
        } else if (parts.length > 4) {
          answer(http, 200, Map.of("facts", List.of(state.facts)));
        } else {
          found(http, status(id, caller), "unknown_session");
        }
      }
      case "prompts" -> {
        if (id == null) {
          prompts(http);
        } else {
          prompt(http, id);
        }
      }
      case "receipts" -> {
        String text = "large".equals(parameter(http, "requestId")) ? "x".repeat(LARGE) : "";
        answer(http, 200, Map.of("query", http.getRequestURI().getRawQuery(), "text", text));
      }
      case "users" -> user(http, path, body);
      case "profiles" -> {
        http.getResponseHeaders().set("ETag", "\"7\"");
        answer(
            http,
            200,
            Map.of(
                "method", http.getRequestMethod(),
                "uri", http.getRequestURI().toString(),
                "ifMatch", String.valueOf(http.getRequestHeaders().getFirst("If-Match")),
                "body", body));
      }
      case "tools" -> {
        if (path.endsWith("/nothing")) {
          found(http, null, "unknown_tool");
        } else {
          answer(http, 200, Map.of("uri", http.getRequestURI().toString()));
        }
      }
      case "evaluate" -> answer(http, 200, Map.of("length", body.length()));
      default -> found(http, null, "not_found");
    }
  }

  private Object status(String id, TokenClaims caller) {
    SessionView session = state.sessions.get(id);
    if (session == null || !state.maySee(caller, session)) {
      return null;
    }
    ObjectNode status = Json.mapper().valueToTree(session);
    status.set("running", Json.mapper().valueToTree(state.running(id)));
    return status;
  }

  private void user(HttpExchange http, String path, String body) throws IOException {
    if (path.endsWith("/document-version")) {
      answer(http, 200, Map.of("version", 7, "reached", state.documentsInForce));
    } else if (path.endsWith("/grants/history")) {
      answer(http, 200, Map.of("events", state.grantEvents));
    } else if (path.endsWith("/history")) {
      answer(http, 200, Map.of("entries", state.historyLines));
    } else {
      http.getResponseHeaders().set("ETag", "\"7\"");
      answer(
          http,
          200,
          Map.of(
              "method", http.getRequestMethod(),
              "uri", http.getRequestURI().toString(),
              "ifMatch", String.valueOf(http.getRequestHeaders().getFirst("If-Match")),
              "key", String.valueOf(http.getRequestHeaders().getFirst("Idempotency-Key")),
              "grants", List.of(Map.of("id", "g-living")),
              "body", body));
    }
  }

  private void request(HttpExchange http, String id) throws IOException {
    String session = parameter(http, "sessionId");
    String key =
        Stream.concat(state.requests.keySet().stream(), state.decisions.keySet().stream())
            .filter(k -> session == null ? k.endsWith("/" + id) : k.equals(session + "/" + id))
            .findFirst()
            .orElse(null);
    if (key == null) {
      found(http, null, "unknown_request");
      return;
    }
    PeerState.Asked asked = state.requests.get(key);
    if (asked != null) {
      state.awaitThaw(asked);
    }
    if (PeerState.isUnread(asked)) {
      notNow(http);
      return;
    }
    PermissionReply decision = state.decisions.get(key);
    Map<String, Object> stored = new LinkedHashMap<>();
    stored.put("sessionId", key.substring(0, key.length() - id.length() - 1));
    stored.put("requestId", id);
    stored.put("state", decision == null ? "open" : "decided");
    stored.put("promptId", asked == null ? null : asked.promptId());
    stored.put("decision", decision);
    answer(http, 200, stored);
  }

  private static String parameter(HttpExchange http, String name) {
    String query = http.getRequestURI().getRawQuery();
    return Stream.of(query == null ? new String[0] : query.split("&"))
        .filter(pair -> pair.startsWith(name + "="))
        .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElse(null);
  }

  private void prompts(HttpExchange http) throws IOException {
    if (state.listingsToRefuse.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      notNow(http);
      return;
    }
    String after = parameter(http, "after");
    NavigableMap<String, PromptState> left = new TreeMap<>(state.prompts);
    left = after == null ? left : left.tailMap(after, false);
    Map<String, Object> page = new LinkedHashMap<>();
    List<PromptState> shown = left.values().stream().limit(state.promptsOnAPage).toList();
    page.put("prompts", shown);
    page.put("next", left.size() > shown.size() ? shown.get(shown.size() - 1).promptId() : null);
    answer(http, 200, page);
  }

  private void prompt(HttpExchange http, String id) throws IOException {
    String key = state.promptKeys.get(id);
    if (key == null) {
      found(http, null, "unknown_prompt");
      return;
    }
    Map<String, Object> stored = new LinkedHashMap<>();
    stored.put("prompt", state.prompts.get(id));
    stored.put("state", state.decisions.containsKey(key) ? "ended" : "open");
    stored.put("decision", state.decisions.get(key));
    answer(http, 200, stored);
  }

  private static void found(HttpExchange http, Object value, String otherwise) throws IOException {
    if (value == null) {
      answer(http, 404, Problem.of(404, otherwise, "Not here.", "It is not known."));
    } else {
      answer(http, 200, value);
    }
  }

  private static void notNow(HttpExchange http) throws IOException {
    answer(http, 503, Problem.of(503, "overloaded", "Not now.", "Try again."));
  }

  private static void answer(HttpExchange http, int status, Object value) throws IOException {
    byte[] json = Json.write(value);
    http.getResponseHeaders()
        .set("Content-Type", status < 400 ? "application/json" : Problem.MEDIA_TYPE);
    http.sendResponseHeaders(status, json.length);
    http.getResponseBody().write(json);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
