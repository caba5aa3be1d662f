package dev.countersign.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.countersign.embedded.agents.ClaudeCode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

/** The hook command of Claude Code, as the gateway serves it. */
final class HookCommand {
  private HookCommand() {}

  /** Stores it in this file; skips the test where there is no Claude Code to run it. */
  static Path into(Path file, SystemFixture system) throws IOException, InterruptedException {
    assumeTrue(
        ClaudeCode.find().isPresent(),
        "skipped: name Claude Code's program in -Dcountersign.claude or COUNTERSIGN_CLAUDE");
    HttpRequest served =
        HttpRequest.newBuilder(URI.create(system.url() + "/v1/hooks/claude-code.sh")).build();
    return HttpClient.newHttpClient().send(served, HttpResponse.BodyHandlers.ofFile(file)).body();
  }
}
