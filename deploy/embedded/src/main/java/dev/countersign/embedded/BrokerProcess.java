package dev.countersign.embedded;

import java.nio.file.Path;

/**
 * A broker as a process of its own: {@code BrokerProcess DIR PORT CONTROLLER_PORT [PROXIED_PORT
 * ADVERTISED_PORT]}. It serves clients once it accepts connections; it stops in good order on
 * SIGTERM.
 */
public final class BrokerProcess {
  private BrokerProcess() {}

  /** Runs until it is told to stop. */
  public static void main(String[] args) {
    if (args.length != 3 && args.length != 5) {
      System.err.println(
          "usage: BrokerProcess DIR PORT CONTROLLER_PORT [PROXIED_PORT ADVERTISED_PORT]");
      System.exit(64);
    }
    BrokerSettings.Proxied proxied =
        args.length == 3
            ? null
            : new BrokerSettings.Proxied(Integer.parseInt(args[3]), Integer.parseInt(args[4]));
    BrokerSettings settings =
        new BrokerSettings(
            Path.of(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]), proxied);
    KafkaBroker broker = start(settings);
    Runtime.getRuntime().addShutdownHook(new Thread(broker::close, "broker-shutdown"));
    broker.awaitShutdown();
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
