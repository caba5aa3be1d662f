package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs the README's snippets against a stack, in order and in one shell, as a reader would. */
@Timeout(600)
class ReadmeIT {
  private static final String END_OF = "== end of ";

  @Test
  void everySnippetDoesWhatTheReadmeSays(@TempDir Path folder) throws Exception {
    try (Launched up = Launched.startAtHome(folder, Ports.free())) {
      up.awaitReady();
      read(folder, Readme.snippets().stream().filter(ReadmeIT::runs).toList());
      read(folder, asAnotherSession());
    }
  }

  /** What a reader sees once the session {@code local} was closed: its children stay below it. */
  private static List<Readme.Snippet> asAnotherSession() throws Exception {
    Readme.Snippet next =
        new Readme.Snippet(
            "next",
            List.of(),
            List.of(),
            """
            COUNTERSIGN_AGENT_TOKEN=$(as "$COUNTERSIGN_APPROVER_TOKEN" "$COUNTERSIGN_URL/v1/sessions" \\
              -H 'Content-Type: application/json' -d '{"sessionId":"local-2"}' |
              sed -n 's/.*"sessionToken":"\\([^"]*\\)".*/\\1/p')
            export COUNTERSIGN_AGENT_TOKEN
            """);
    List<Readme.Snippet> all = Readme.snippets();
    return List.of(named(all, "connect"), next, named(all, "hook"));
  }

  private static Readme.Snippet named(List<Readme.Snippet> all, String name) {
    return all.stream().filter(snippet -> snippet.name().equals(name)).findFirst().orElseThrow();
  }

  private static void read(Path folder, List<Readme.Snippet> snippets) throws Exception {
    String output = run(folder, script(snippets));

    int from = 0;
    for (Readme.Snippet snippet : snippets) {
      String mark = END_OF + snippet.name() + "\n";
      int end = output.indexOf(mark, from);
      assertTrue(end >= 0, "snippet " + snippet.name() + " failed:\n" + output.substring(from));
      String own = output.substring(from, end);
      for (String text : snippet.prints()) {
        assertTrue(own.contains(text), "snippet " + snippet.name() + " printed:\n" + own);
      }
      from = end + mark.length();
    }
  }

  private static boolean runs(Readme.Snippet snippet) {
    boolean runs = snippet.needs().stream().allMatch(ReadmeIT::installed);
    if (!runs) {
      System.out.printf("README: %s skipped, it needs %s%n", snippet.name(), snippet.needs());
    }
    return runs;
  }

  private static boolean installed(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, program)));
  }

  private static String script(List<Readme.Snippet> snippets) {
    List<String> lines = new ArrayList<>();
    for (Readme.Snippet snippet : snippets) {
      lines.add(snippet.text());
      lines.add("printf '\\n%s\\n' '" + END_OF + snippet.name() + "'");
    }
    return String.join("\n", lines) + "\n";
  }

  /** Other users of a machine see command lines: this program fails if a token is on its own. */
  private static void withoutTokensOnItsCommandLine(Path programs, String name) throws Exception {
    Path real =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .map(dir -> Path.of(dir, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow();
    Path wrapper =
        Files.writeString(
            programs.resolve(name),
            """
            #!/bin/sh
            for token in "$COUNTERSIGN_AGENT_TOKEN" "$COUNTERSIGN_APPROVER_TOKEN" \\
              "$COUNTERSIGN_ADMIN_TOKEN"; do
              case "$*" in *"$token"*) echo "a token is on a command line" && exit 99 ;; esac
            done
            exec %s "$@"
            """
                .formatted(real));
    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static String run(Path folder, String script) throws Exception {
    Path file = Files.writeString(folder.resolve("snippets.sh"), script);
    Path output = folder.resolve("output");
    Path programs = Files.createDirectories(folder.resolve("bin"));
    withoutTokensOnItsCommandLine(programs, "curl");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-eu", file.toString())
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("HOME", folder.toString());
    builder
        .environment()
        .merge("PATH", programs.toString(), (path, first) -> first + File.pathSeparator + path);
    builder.environment().keySet().removeIf(name -> name.startsWith("COUNTERSIGN_"));
    Process process = builder.start();
    process.getOutputStream().close();
    boolean ended = process.waitFor(3, TimeUnit.MINUTES);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String text = Files.readString(output);
    assertTrue(ended, "the snippets did not end:\n" + text);
    assertEquals(0, process.exitValue(), text);
    return text;
  }
}
