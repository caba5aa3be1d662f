package dev.countersign.local;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** What {@code deploy/up} was asked to do. */
record Options(Path state, boolean fresh, int port, boolean demo, boolean secure, Files files) {
  /** What the command line names; null where it names nothing. */
  record Files(Path managedRules, Path tools, Path imports, Path profiles) {
    static final Files NONE = new Files(null, null, null, null);
  }

  static final int DEFAULT_PORT = 8080;

  /** Reads the command line; a mistake in it is a {@link LaunchException}. */
  static Options parse(List<String> arguments, Path defaultState) {
    Path state = defaultState;
    boolean fresh = false;
    int port = DEFAULT_PORT;
    boolean demo = false;
    boolean secure = false;
    Map<String, Path> files = new HashMap<>();
    for (Iterator<String> i = arguments.iterator(); i.hasNext(); ) {
      String argument = i.next();
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String attached = equals < 0 ? null : argument.substring(equals + 1);
      switch (name) {
        case "--state" -> state = path(name, value(name, attached, i));
        case "--managed-rules", "--tools", "--imports", "--profiles" ->
            files.put(name, path(name, value(name, attached, i)).toAbsolutePath().normalize());
        case "--port" -> port = port(value(name, attached, i));
        case "--fresh" -> fresh = flag(name, attached);
        case "--demo" -> demo = flag(name, attached);
        case "--secure" -> secure = flag(name, attached);
        default ->
            throw new LaunchException(
                "unknown option " + argument + " (deploy/up --help lists all)");
      }
    }
    return new Options(
        state.toAbsolutePath().normalize(),
        fresh,
        port,
        demo,
        secure,
        new Files(
            files.get("--managed-rules"),
            files.get("--tools"),
            files.get("--imports"),
            files.get("--profiles")));
  }

  private static String value(String name, String attached, Iterator<String> rest) {
    String value = attached == null && rest.hasNext() ? rest.next() : attached;
    if (value == null || value.isBlank()) {
      throw new LaunchException(name + " needs a value");
    }
    return value;
  }

  private static boolean flag(String name, String attached) {
    if (attached != null) {
      throw new LaunchException(name + " takes no value");
    }
    return true;
  }

  private static Path path(String name, String value) {
    // Kafka splits its folder's name at commas, pg_ctl passes it through a shell.
    if (value.chars().anyMatch(c -> ",\"'$`\\".indexOf(c) >= 0 || c < ' ')) {
      throw new LaunchException(
          name + " may hold no comma, quote, dollar sign, backtick or backslash: " + value);
    }
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new LaunchException(name + " is no path: " + value, e);
    }
  }

  private static int port(String value) {
    int highest = 65_535 - Ports.COUNT + 1;
    try {
      int port = Integer.parseInt(value);
      if (port >= 1 && port <= highest) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new LaunchException("--port must be a number from 1 to " + highest + ", not " + value);
  }
}
