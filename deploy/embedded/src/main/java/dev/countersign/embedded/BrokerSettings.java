package dev.countersign.embedded;

import dev.countersign.protocol.Json;
import dev.countersign.protocol.kafka.TopicPlan;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where a broker lives and listens, and whom it takes. Everything is on loopback.
 *
 * @param dir the folder of its data; kept when the broker stops
 * @param port of the ordinary listener
 * @param controllerPort of the KRaft controller
 * @param proxied a second listener whose clients come through a proxy; null for none
 * @param acls whether anybody may make ACLs where nobody logs in. Each holds for all: one that
 *     denies everything shuts the broker for good. For tests of topics that refuse a service only
 * @param security how it tells its users apart; null if it takes everybody
 */
public record BrokerSettings(
    Path dir,
    int port,
    int controllerPort,
    Proxied proxied,
    boolean acls,
    BrokerSecurity security) {
  private static final String HOST = "127.0.0.1";
  private static final String CLIENTS = "CLIENTS";

  /**
   * A listener that tells its clients to come back through a proxy.
   *
   * @param port where the broker listens: the proxy's target
   * @param advertisedPort what clients are told: the proxy's own port
   */
  public record Proxied(int port, int advertisedPort) {}

  public BrokerSettings {
    if (security != null && proxied != null) {
      throw new IllegalArgumentException("a second listener takes everybody");
    }
  }

  /** Of a broker that takes everybody, and no ACLs. */
  public BrokerSettings(Path dir, int port, int controllerPort, Proxied proxied) {
    this(dir, port, controllerPort, proxied, false, null);
  }

  /** Of a broker that takes those who log in, and lets them do what they may. */
  public static BrokerSettings secured(
      Path dir, int port, int controllerPort, BrokerSecurity security) {
    return new BrokerSettings(dir, port, controllerPort, null, false, security);
  }

  /** The address for clients. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  Properties properties() {
    Map<String, Object> p = new TreeMap<>();
    String proxiedListener = proxied == null ? "" : ",PROXIED://" + HOST + ":" + proxied.port();
    String proxiedAddress =
        proxied == null ? "" : ",PROXIED://" + HOST + ":" + proxied.advertisedPort();
    p.put("process.roles", "broker,controller");
    p.put("node.id", 1);
    p.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
    p.put("controller.listener.names", "CONTROLLER");
    p.put("inter.broker.listener.name", CLIENTS);
    p.put(
        "listener.security.protocol.map",
        security == null
            ? "CLIENTS:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT"
            : "CLIENTS:SASL_SSL,CONTROLLER:SSL");
    p.put(
        "listeners",
        "%s://%s:%s,CONTROLLER://%s:%s%s"
            .formatted(CLIENTS, HOST, port, HOST, controllerPort, proxiedListener));
    p.put("advertised.listeners", "%s://%s:%s%s".formatted(CLIENTS, HOST, port, proxiedAddress));
    p.put("log.dirs", dir.toAbsolutePath().toString());

    p.put("auto.create.topics.enable", false);
    p.put("num.partitions", TopicPlan.PARTITIONS);
    p.put("default.replication.factor", 1);
    p.put("message.max.bytes", Json.MAX_RECORD_BYTES);
    p.put("log.message.timestamp.type", "LogAppendTime");
    p.put("offsets.topic.num.partitions", TopicPlan.PARTITIONS);
    p.put("offsets.topic.replication.factor", 1);
    p.put("transaction.state.log.num.partitions", 1);
    p.put("transaction.state.log.replication.factor", 1);
    p.put("transaction.state.log.min.isr", 1);
    p.put("share.coordinator.state.topic.num.partitions", 1);
    p.put("share.coordinator.state.topic.replication.factor", 1);
    p.put("share.coordinator.state.topic.min.isr", 1);
    p.put("group.initial.rebalance.delay.ms", 0);
    if (acls || security != null) {
      p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
      p.put("allow.everyone.if.no.acl.found", true);
    }
    if (security != null) {
      p.putAll(security.broker(CLIENTS));
    }
    // One machine, one node: small index files and few threads are enough.
    p.put("log.index.size.max.bytes", 1024 * 1024);
    p.put("log.cleaner.dedupe.buffer.size", 8 * 1024 * 1024);
    // What is older than its topic's retention goes within seconds, not minutes.
    p.put("log.retention.check.interval.ms", 10_000);
    p.put("num.network.threads", 2);
    p.put("num.io.threads", 4);
    p.put("num.recovery.threads.per.data.dir", 2);
    p.put("background.threads", 2);

    Properties properties = new Properties();
    p.forEach((key, value) -> properties.setProperty(key, value.toString()));
    return properties;
  }
}
