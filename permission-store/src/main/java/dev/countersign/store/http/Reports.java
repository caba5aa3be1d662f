package dev.countersign.store.http;

import dev.countersign.protocol.Json;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How reports are asked for, and answered. */
final class Reports {
  private Reports() {}

  static boolean flag(String text) {
    if (!List.of("true", "false").contains(text)) {
      throw Problems.exception("invalid_request", "dryRun is true or false");
    }
    return text.equals("true");
  }

  static boolean asText(String text) {
    if (!List.of("json", "text").contains(text)) {
      throw Problems.exception("invalid_request", "as is json or text");
    }
    return text.equals("text");
  }

  static Response json(Object report) {
    return Response.ok(Json.write(report)).type(MediaType.APPLICATION_JSON).build();
  }

  static Response text(String report) {
    return Response.ok(report.getBytes(StandardCharsets.UTF_8))
        .type("text/plain;charset=UTF-8")
        .build();
  }
}
