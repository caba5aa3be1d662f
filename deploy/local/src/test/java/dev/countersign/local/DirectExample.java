package dev.countersign.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The examples of agents that speak Kafka themselves, one for each language, as a user runs them.
 */
enum DirectExample {
  JAVA("Ask.java"),
  JAVASCRIPT("ask.js"),
  PYTHON("ask.py"),
  SHELL("ask.sh");

  private static final Path FOLDER = Launched.CHECKOUT.resolve("docs/examples/direct-agents");

  /** What the example in Java says that it needs, and a logger that is silent. */
  private static final String JARS =
      "(kafka-clients|jackson-(core|databind|annotations)|java-json-canonicalization|slf4j-(api|simple))-[\\d.]+\\.jar";

  private static final Pattern LIBRDKAFKA = Pattern.compile("librdkafka ([0-9.]*[0-9])");

  private final String file;

  DirectExample(String file) {
    this.file = file;
  }

  /** The client as which it logs in. */
  String client() {
    return "direct-" + name().toLowerCase(Locale.ROOT);
  }

  /** What this machine lacks to run it; empty if it lacks nothing. */
  Optional<String> missing() {
    return switch (this) {
      case JAVA -> Optional.empty();
      case JAVASCRIPT ->
          unless(
              prints("node", "--version").isPresent() && kafkajs() != null,
              "Node.js, or kafkajs in the folder that COUNTERSIGN_KAFKAJS names");
      case PYTHON ->
          unless(python().isPresent(), "Python with confluent-kafka and librdkafka 2.6.1 or newer");
      case SHELL ->
          unless(
              prints("jq", "--version").isPresent()
                  && prints("kcat", "-V").filter(DirectExample::logsIn).isPresent(),
              "jq, or kcat with librdkafka 2.6.1 or newer");
    };
  }

  private static Optional<String> unless(boolean there, String what) {
    return there ? Optional.empty() : Optional.of(what);
  }

  private static String kafkajs() {
    String modules = System.getenv("COUNTERSIGN_KAFKAJS");
    return modules != null && Files.isDirectory(Path.of(modules, "kafkajs")) ? modules : null;
  }

  /** Debian's package is for Debian's Python, which need not be the first one. */
  private static Optional<String> python() {
    String version = "import confluent_kafka as c; print('librdkafka', c.libversion()[0])";
    return Stream.of("python3", "/usr/bin/python3")
        .filter(python -> prints(python, "-c", version).filter(DirectExample::logsIn).isPresent())
        .findFirst();
  }

  /** Before 2.6.1 librdkafka could not log in to Kafka 4. */
  private static boolean logsIn(String text) {
    Matcher version = LIBRDKAFKA.matcher(text);
    return version.find() && Version.parse(version.group(1)).compareTo(Version.parse("2.6.1")) >= 0;
  }

  /** What a program prints; empty if it is not there, or fails. */
  private static Optional<String> prints(String... command) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      withLibrdkafka(builder);
      Process process = builder.start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** A newer one than the machine's, where {@code COUNTERSIGN_LIBRDKAFKA} names its folder. */
  private static void withLibrdkafka(ProcessBuilder builder) {
    String folder = System.getenv("COUNTERSIGN_LIBRDKAFKA");
    if (folder != null) {
      builder.environment().put("LD_LIBRARY_PATH", folder);
    }
  }

  List<String> command() {
    String path = FOLDER.resolve(file).toString();
    return switch (this) {
      case JAVA ->
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
              "-cp",
              jars(),
              path);
      case JAVASCRIPT -> List.of("node", path);
      case PYTHON -> List.of(python().orElseThrow(), path);
      case SHELL -> List.of("bash", path);
    };
  }

  private static String jars() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(jar -> Path.of(jar).getFileName().toString().matches(JARS))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /**
   * Starts it.
   *
   * @param folder where what it prints is kept
   * @param environment all that it knows of Countersign; null takes a variable away
   * @param arguments the shell command that it asks for
   */
  DirectRun start(Path folder, Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(command());
    command.addAll(List.of(arguments));
    return start(folder, environment, command);
  }

  /** Starts it by a command line that begins or ends in another way. */
  DirectRun start(Path folder, Map<String, String> environment, List<String> command) {
    try {
      Path out = Files.createTempFile(folder, "ask", ".out");
      Path err = Files.createTempFile(folder, "ask", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("COUNTERSIGN_"));
      builder.environment().put("LC_ALL", "C.UTF-8");
      environment.forEach(
          (name, value) -> {
            builder.environment().remove(name);
            if (value != null) {
              builder.environment().put(name, value);
            }
          });
      withLibrdkafka(builder);
      if (this == JAVASCRIPT) {
        builder.environment().put("NODE_PATH", kafkajs());
      }
      return new DirectRun(this, builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + this, e);
    }
  }
}
