package dev.countersign.gateway.http;

import java.util.Map;
import java.util.stream.Collectors;

/** The query of a request that is passed on. */
public final class Query {
  private Query() {}

  /** Parameters with the question mark before them; those without a value are left out. */
  public static String of(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .filter(entry -> entry.getValue() != null)
        .map(entry -> entry.getKey() + "=" + Upstream.encode(entry.getValue()))
        .collect(Collectors.joining("&", "?", ""));
  }
}
