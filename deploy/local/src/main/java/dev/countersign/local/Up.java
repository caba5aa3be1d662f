package dev.countersign.local;

import dev.countersign.local.demo.Demo;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

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
    Path root = Path.of(System.getProperty("countersign.checkout", "")).toAbsolutePath();
    Options options;
    try {
      options = Options.parse(List.of(arguments), root.resolve(".countersign"));
    } catch (LaunchException e) {
      complain(e.getMessage());
      System.exit(USAGE);
      return;
    }
    System.exit(new Up(new Checkout(root), options).run());
  }

  private int run() {
    StateFolder state;
    Stack stack;
    try {
      state = StateFolder.take(options.state(), options.fresh());
      stack = stack(state);
    } catch (RuntimeException e) {
      complain(reason(e));
      return FAILED;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "stop"));
    try {
      stack.start(line -> out.println("countersign: " + line));
      Access access = Access.open(stack);
      if (options.demo()) {
        return Demo.play(access, stack.keys(), newWord(), out) ? 0 : FAILED;
      }
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

  private Stack stack(StateFolder state) {
    try {
      return new Stack(checkout, state, new Ports(options.port()));
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
          logs    %s
          Kafka   %s
        Ctrl-C stops it.
        """,
        access.url(), state.envFile(), state.logs(), access.kafka());
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
