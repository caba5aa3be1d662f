package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** From outside only the gateway's API is reached, over TLS, for as long as its waits take. */
final class RouteCheck implements Check {
  private static final String PACKAGE = "dev.countersign.gateway.";
  private static final String EVENTS = path("events.EventsResource");
  private static final String HOOKS = path("hooks.ClaudeCodeResource");
  private static final String API = "/v1";
  private static final Pattern TIME = Pattern.compile("(\\d+)(h|m|s|ms)");

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (ObjectNode gateway : manifests.ofKind("Gateway")) {
      for (JsonNode listener : gateway.at("/spec/listeners")) {
        String id = Manifests.id(gateway);
        faults.requireAt(id, listener, "/protocol", "HTTPS");
        faults.requireAt(id, listener, "/tls/mode", "Terminate");
        faults.require(
            !listener.at("/tls/certificateRefs").isEmpty(),
            id,
            "its listener " + listener.path("name").asText() + " has no certificate",
            "tls.certificateRefs");
      }
    }
    for (ObjectNode route : manifests.ofKind("HTTPRoute")) {
      for (JsonNode parent : route.at("/spec/parentRefs")) {
        faults.require(
            manifests.find("Gateway", parent.path("name").asText()).isPresent(),
            Manifests.id(route),
            "there is no Gateway/" + parent.path("name").asText(),
            "one in the tree");
      }
      requireRules(route, manifests, faults);
    }
    faults.require(
        manifests.ofKind("Ingress").isEmpty(), "the Ingresses", "there are some", "an HTTPRoute");
  }

  private static String path(String resource) {
    try {
      return Class.forName(PACKAGE + resource, false, RouteCheck.class.getClassLoader())
          .getAnnotation(Path.class)
          .value();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void requireRules(ObjectNode route, Manifests manifests, Faults faults) {
    Optional<Workload> gateway =
        Workload.all(manifests).stream()
            .filter(each -> each.service() == Service.AGENT_GATEWAY)
            .findFirst();
    if (gateway.isEmpty()) {
      return;
    }
    String id = Manifests.id(route);
    List<String> paths = new ArrayList<>();
    for (JsonNode rule : route.at("/spec/rules")) {
      for (JsonNode backend : rule.path("backendRefs")) {
        faults.requireAt(id, backend, "/name", Service.AGENT_GATEWAY.label());
        faults.requireAt(
            id,
            backend,
            "/port",
            gateway.get().port(PortCheck.HTTP).map(String::valueOf).orElse(null));
      }
      for (JsonNode match : rule.path("matches")) {
        String path = match.at("/path/value").asText();
        paths.add(path);
        faults.requireAt(id, match, "/path/type", "PathPrefix");
        requireTime(id, path, rule.path("timeouts"), gateway.get(), faults);
      }
      faults.require(
          !rule.path("matches").isEmpty(), id, "a rule leads everything in", "only " + API);
    }
    faults.requireSame(id, "its list of paths", List.of(API, HOOKS, EVENTS), paths);
  }

  private static void requireTime(
      String id, String path, JsonNode timeouts, Workload gateway, Faults faults) {
    Duration needed =
        path.equals(EVENTS)
            ? Duration.ZERO
            : gateway
                .settings()
                .duration(
                    path.equals(HOOKS)
                        ? "countersign.hooks.max-wait"
                        : "countersign.requests.max-wait")
                .orElseThrow();
    for (String each : List.of("request", "backendRequest")) {
      Optional<Duration> is = time(timeouts.path(each).asText());
      boolean unlimited = is.isPresent() && is.get().isZero();
      faults.require(
          unlimited || !needed.isZero() && is.isPresent() && is.get().compareTo(needed) > 0,
          id,
          "its timeout %s of %s is %s".formatted(each, path, timeouts.path(each).asText("unset")),
          needed.isZero() ? "0s: a stream has no end" : "more than " + needed);
    }
  }

  private static Optional<Duration> time(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "h" -> Duration.ofHours(number);
          case "m" -> Duration.ofMinutes(number);
          case "s" -> Duration.ofSeconds(number);
          default -> Duration.ofMillis(number);
        });
  }
}
