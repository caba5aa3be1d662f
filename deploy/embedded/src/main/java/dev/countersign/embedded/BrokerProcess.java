package dev.countersign.embedded;

import java.nio.file.Path;
import java.util.Locale;

/**
 * A broker as a process of its own: {@code BrokerProcess DIR PORT CONTROLLER_PORT [SECURITY_DIR |
 * PROXIED_PORT ADVERTISED_PORT]}. It serves clients once it accepts connections; it stops in good
 * order on SIGTERM.
 */
public final class BrokerProcess {
  private BrokerProcess() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) {
    // Kafka names its files by the digits of the default locale, and finds them by others.
    Locale.setDefault(Locale.ROOT);
    if (args.length < 3 || args.length > 5) {
      System.err.println(
          "usage: BrokerProcess DIR PORT CONTROLLER_PORT [SECURITY_DIR | PROXIED_PORT ADVERTISED_PORT]");
      System.exit(64);
    }
    KafkaBroker broker = start(settings(args));
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
    broker.awaitShutdown();
  }

  private static BrokerSettings settings(String[] args) {
    Path dir = Path.of(args[0]);
    int port = Integer.parseInt(args[1]);
    int controllerPort = Integer.parseInt(args[2]);
    return switch (args.length) {
      case 3 -> new BrokerSettings(dir, port, controllerPort, null);
      case 4 ->
          BrokerSettings.secured(dir, port, controllerPort, BrokerSecurity.in(Path.of(args[3])));
      default ->
          new BrokerSettings(
              dir,
              port,
              controllerPort,
              new BrokerSettings.Proxied(Integer.parseInt(args[3]), Integer.parseInt(args[4])));
    };
  }

  private static KafkaBroker start(BrokerSettings settings) {
    try {
      return KafkaBroker.start(settings);
    } catch (RuntimeException e) {
      e.printStackTrace();
      System.exit(1);
      throw e;
    }
  }
}
