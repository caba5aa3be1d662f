package dev.countersign.embedded;

/**
 * One Kafka with every topic and one Postgres for all tests of a module run: started at first use,
 * stopped when the JVM ends, nothing left behind.
 */
public final class Backends {
  private static Backends shared;

  private final KafkaBroker kafka;
  private final PostgresServer postgres;

  private Backends(KafkaBroker kafka, PostgresServer postgres) {
    this.kafka = kafka;
    this.postgres = postgres;
  }

  /** The pair of this JVM. */
  public static synchronized Backends shared() {
    if (shared == null) {
      KafkaBroker kafka = KafkaBroker.startTemporary();
      Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "kafka-stop"));
      TopicSetup.createAll(kafka.bootstrapServers());
      PostgresServer postgres = PostgresServer.startTemporary();
      Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "postgres-stop"));
      shared = new Backends(kafka, postgres);
    }
    return shared;
  }

  /** The broker. */
  public KafkaBroker kafka() {
    return kafka;
  }

  /** The database server. */
  public PostgresServer postgres() {
    return postgres;
  }
}
