package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A run of an example.
 *
 * @param out the file with what it prints
 * @param err the file with its errors
 */
record DirectRun(DirectExample example, Process process, Path out, Path err) {
  private static final int PATIENCE_SECONDS = 180;

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether it has come to the reading: in shell that is a program of its own. */
  boolean isReading() {
    return example != DirectExample.SHELL
        || process.descendants().anyMatch(child -> isReader(child.info().commandLine()));
  }

  private static boolean isReader(Optional<String> command) {
    return command.filter(text -> text.contains("/kcat ") && text.contains(" -C ")).isPresent();
  }

  /** Waits for its end. */
  Result result() {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            example + " does not end: " + Files.readString(out) + Files.readString(err));
      }
      return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** How it ended. */
  record Result(int exit, String out, String err) {
    /** It may run exactly this. */
    void assertAllowed(String decidedBy, String command) {
      assertDecision(
          Map.of(
              "effect",
              "allow",
              "decidedBy",
              decidedBy,
              "code",
              "allowed",
              "input",
              Map.of("command", command)));
      assertEquals(0, exit, this::toString);
    }

    void assertDenied(String decidedBy, String code) {
      assertDecision(Map.of("effect", "deny", "decidedBy", decidedBy, "code", code));
      assertEquals(1, exit, this::toString);
    }

    /** What the service decided has two fields more; the reason is in its words. */
    private void assertDecision(Map<String, ?> expected) {
      assertEquals(1, out.lines().count(), () -> "no single line of JSON: " + this);
      ObjectNode decision = (ObjectNode) Json.readTree(out.getBytes(StandardCharsets.UTF_8));
      if (!expected.get("decidedBy").equals("client")) {
        assertEquals("foreground", decision.path("execution").asText(), this::toString);
        assertFalse(decision.path("reason").asText().isBlank(), this::toString);
      }
      decision.remove(List.of("execution", "reason"));
      assertEquals(Json.mapper().valueToTree(expected), decision, this::toString);
    }

    /** It could not ask, and says why in one line. */
    void assertFailed(String why) {
      assertEquals(2, exit, this::toString);
      assertEquals("", out);
      assertEquals(1, err.lines().count(), err);
      assertTrue(err.matches("(?is)ask\\S+: .*" + why + ".*"), err);
    }
  }
}
