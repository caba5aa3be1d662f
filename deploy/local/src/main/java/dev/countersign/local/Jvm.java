package dev.countersign.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines of Java processes: the launcher's own Java, an explicit heap, the guard, and the
 * state folder, so that whoever lists processes sees whose they are.
 */
final class Jvm {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private Jvm() {}

  static List<String> jar(Path guard, Path state, int heapMegabytes, Path jar) {
    List<String> command = base(guard, state, heapMegabytes);
    command.addAll(List.of("-jar", jar.toString()));
    return command;
  }

  /** The class path goes into the environment: it is too long for a line that people read. */
  static List<String> main(
      Path guard, Path state, int heapMegabytes, Class<?> main, List<String> arguments) {
    List<String> command = base(guard, state, heapMegabytes);
    command.addAll(
        List.of(
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS",
            main.getName()));
    command.addAll(arguments);
    return command;
  }

  private static List<String> base(Path guard, Path state, int heapMegabytes) {
    return new ArrayList<>(
        List.of(
            JAVA,
            "-Xmx" + heapMegabytes + "m",
            "-XX:+ExitOnOutOfMemoryError",
            "-javaagent:" + guard,
            "-Dlauncher.state=" + state));
  }
}
