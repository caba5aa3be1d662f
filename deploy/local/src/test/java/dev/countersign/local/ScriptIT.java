package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script {@code deploy/up} says on a machine that lacks something. */
class ScriptIT {
  @TempDir Path dir;
  private Path bin;
  private Path script;

  @BeforeEach
  void anEmptyCheckoutAndOnlyTheUsualTools() throws IOException {
    bin = Files.createDirectory(dir.resolve("bin"));
    for (String tool :
        List.of("sh", "dirname", "sed", "head", "cat", "find", "awk", "mkdir", "mv", "rm")) {
      Path real =
          List.of("/usr/bin/", "/bin/").stream()
              .map(folder -> Path.of(folder + tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      program(bin.resolve(tool), "exec " + real + " \"$@\"");
    }
    Files.createDirectories(dir.resolve("checkout/deploy"));
    script = Files.copy(Launched.CHECKOUT.resolve("deploy/up"), dir.resolve("checkout/deploy/up"));
  }

  @Test
  void helpNeedsNothing() throws Exception {
    Result help = run(Map.of(), "--port", "9000", "--help");
    assertEquals(0, help.status());
    assertTrue(help.output().startsWith("usage: deploy/up [--state DIR]"), help::output);
  }

  @Test
  void noJava() throws Exception {
    assertEquals(
        new Result(1, "countersign: no Java found: install a JDK 17 or newer, or set JAVA_HOME\n"),
        run(Map.of()));
  }

  @Test
  void anOldJava() throws Exception {
    program(bin.resolve("java"), "echo 'openjdk version \"11.0.20\" 2023-07-18' >&2");
    assertEquals(
        new Result(
            1,
            "countersign: Java 11.0.20 (%s) is too old: a JDK 17 or newer is needed\n"
                .formatted(bin.resolve("java"))),
        run(Map.of()));
  }

  @Test
  void aJavaThatCannotCompile() throws Exception {
    program(dir.resolve("jre/bin/java"), "echo 'openjdk version \"25\" 2025-09-16' >&2");
    Result result = run(Map.of("JAVA_HOME", dir.resolve("jre").toString()));
    assertEquals(1, result.status());
    assertEquals(
        "countersign: %s has no compiler beside it: a JDK 17 or newer is needed, not only a Java runtime\n"
            .formatted(dir.resolve("jre/bin/java")),
        result.output());
  }

  @Test
  void noMavenOrAnOldOne() throws Exception {
    program(bin.resolve("java"), "echo 'java version \"1.8.0\"' >&2");
    program(bin.resolve("java"), "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2");
    program(bin.resolve("javac"), "true");
    assertEquals(
        new Result(1, "countersign: no Maven found: install Maven 3.8.6 or newer\n"),
        run(Map.of()));
    program(bin.resolve("mvn"), "echo 'Apache Maven 3.6.3'");
    assertEquals(
        new Result(
            1,
            "countersign: Maven 3.6.3 (%s) is too old: 3.8.6 or newer is needed\n"
                .formatted(bin.resolve("mvn"))),
        run(Map.of()));
  }

  @Test
  void aBuildThatFails() throws Exception {
    program(bin.resolve("java"), "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2");
    program(bin.resolve("javac"), "true");
    program(
        bin.resolve("mvn"),
        """
        [ "$1" != -v ] || { echo 'Apache Maven 4.0.0'; exit 0; }
        echo '[ERROR] Foo.java:[3,1] no such thing'
        exit 1
        """);
    Result result = run(Map.of());
    assertEquals(1, result.status());
    assertTrue(
        result.output().contains("countersign: the build failed: Foo.java:[3,1] no such thing;"),
        result::output);
    assertTrue(result.output().contains("up-build.log"), result::output);
  }

  @Test
  void twoBuildsAtOnce() throws Exception {
    program(bin.resolve("java"), "echo 'openjdk version \"17.0.15\" 2025-04-15' >&2");
    program(bin.resolve("javac"), "true");
    program(bin.resolve("mvn"), "echo 'Apache Maven 3.9.0'; [ \"$1\" = -v ]");
    Path lock = Files.createDirectories(dir.resolve("checkout/deploy/local/target/up.building"));
    String self = String.valueOf(ProcessHandle.current().pid());
    Files.writeString(lock.resolve("pid"), self);
    assertEquals(
        new Result(
            1,
            "countersign: another deploy/up (process %s) is building in this checkout; wait until it is done\n"
                .formatted(self)),
        run(Map.of()));
    Files.writeString(lock.resolve("pid"), "999999999");
    assertTrue(run(Map.of()).output().contains("the build failed"), "a stale lock is no hindrance");
    assertTrue(Files.notExists(lock));
  }

  private record Result(int status, String output) {}

  private static void program(Path file, String body) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Result run(Map<String, String> environment, String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    return new Result(process.waitFor(), output);
  }
}
