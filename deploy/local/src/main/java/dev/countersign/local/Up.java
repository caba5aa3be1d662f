package dev.countersign.local;

import dev.countersign.local.demo.Demo;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What {@code deploy/up} runs. Exit status: 0 for a demo that went as it should, 1 if something
 * failed (said in one line on standard error), 64 for a mistake in the command line, 130 or 143
 * when it was stopped by Ctrl-C or SIGTERM.
 */
public final class Up {
  private static final int FAILED = 1;
  private static final int USAGE = 64;

  private final PrintStream out = System.out;
  private final Checkout checkout;
  private final Options options;

  private Up(Checkout checkout, Options options) {
    this.checkout = checkout;
    this.options = options;
  }

  /** Runs until it is told to stop. */
  public static void main(String[] arguments) {
    // All it writes is English, and programs read much of it.
    Locale.setDefault(Locale.ROOT);
    Path root = Path.of(System.getProperty("countersign.checkout", "")).toAbsolutePath();
    Options options;
    try {
      options = Options.parse(List.of(arguments), StatePlace.usual(System.getenv()));
      StatePlace.require(options.state());
    } catch (LaunchException | UncheckedIOException e) {
      complain(reason(e));
      System.exit(USAGE);
      return;
    }
    System.exit(new Up(new Checkout(root), options).run());
  }

  private int run() {
    StateFolder state;
    Stack stack;
    Etc etc;
    try {
      etc = Etc.of(options.files(), options.state());
      etc.profiles().ifPresent(Profiles::files);
      etc.notPassedOn(System.getenv()).forEach(Up::complain);
      state = StateFolder.take(options.state(), options.fresh());
      stack = stack(state);
    } catch (RuntimeException e) {
      complain(reason(e));
      return FAILED;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
    try {
      Consumer<String> progress = line -> out.println("countersign: " + line);
      etc.used().forEach(progress);
      stack.start(progress, null, overrides(etc));
      Access access = Access.open(stack);
      etc.profiles()
          .map(new Profiles(new Gateway(access.url(), access.adminToken()))::put)
          .filter(written -> !written.isEmpty())
          .ifPresent(written -> progress.accept("profiles written: " + String.join(", ", written)));
      if (options.demo()) {
        return Demo.play(access, stack.keys(), newWord(), out) ? 0 : FAILED;
      }
      stack.restartWhatEnds(Up::complain);
      access.write(state.envFile());
      greet(access, state);
      complain(stack.died().join() + "; stopping everything");
    } catch (RuntimeException e) {
      // What fails because everything is being stopped is no news.
      if (!stack.isClosed()) {
        complain(reason(e));
      }
    }
    return FAILED;
  }

  private static Map<ServiceName, Map<String, String>> overrides(Etc etc) {
    Map<ServiceName, Map<String, String>> overrides = new EnumMap<>(ServiceName.class);
    for (ServiceName service : ServiceName.values()) {
      overrides.put(service, etc.environment(service));
    }
    return overrides;
  }

  private Stack stack(StateFolder state) {
    try {
      return new Stack(checkout, state, new Ports(options.port()), options.secure());
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
  }

  private void greet(Access access, StateFolder state) {
    out.printf(
        """

        Countersign is ready: %s
          tokens  %s (only you can read it)
          session %s
          logs    %s
          Kafka   %s
        Ctrl-C stops it.
        """,
        access.url(),
        state.envFile(),
        session(access),
        state.logs(),
        access.bootstrapServers() + access.kafkaLogin().map(file -> ", login " + file).orElse(""));
  }

  private static String session(Access access) {
    return access.session().equals(Access.SESSION)
        ? access.session()
        : access.session() + " (" + Access.SESSION + " was closed, which is final)";
  }

  /** Differs from run to run, and is short enough to read. */
  private static String newWord() {
    return Long.toString(Instant.now().getEpochSecond(), Character.MAX_RADIX);
  }

  private static String reason(RuntimeException e) {
    if (e instanceof LaunchException) {
      return e.getMessage();
    }
    return e instanceof UncheckedIOException
        ? e.getMessage() + ": " + e.getCause().getMessage()
        : e.toString();
  }

  private static void complain(String line) {
    System.err.println("countersign: " + line);
  }
}
