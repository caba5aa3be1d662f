package dev.countersign.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where a broker lives and listens. Everything is on loopback.
 *
 * @param dir the folder of its data; kept when the broker stops
 * @param port of the ordinary listener
 * @param controllerPort of the KRaft controller
 * @param proxied a second listener whose clients come through a proxy; null for none
 * @param acls whether anybody may make ACLs. Nobody logs in, so an ACL holds for all: one that
 *     denies everything shuts the broker for good. For tests of topics that refuse a service only
 */
public record BrokerSettings(
    Path dir, int port, int controllerPort, Proxied proxied, boolean acls) {
  /** The largest record that any topic takes. */
  public static final int MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

  private static final String HOST = "127.0.0.1";

  /**
   * A listener that tells its clients to come back through a proxy.
   *
   * @param port where the broker listens: the proxy's target
   * @param advertisedPort what clients are told: the proxy's own port
   */
  public record Proxied(int port, int advertisedPort) {}

  /** Of a broker that takes no ACLs. */
  public BrokerSettings(Path dir, int port, int controllerPort, Proxied proxied) {
    this(dir, port, controllerPort, proxied, false);
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
    p.put("inter.broker.listener.name", "PLAIN");
    p.put(
        "listener.security.protocol.map", "PLAIN:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT");
    p.put(
        "listeners",
        "PLAIN://%s:%d,CONTROLLER://%s:%d%s"
            .formatted(HOST, port, HOST, controllerPort, proxiedListener));
    p.put("advertised.listeners", "PLAIN://%s:%d%s".formatted(HOST, port, proxiedAddress));
    p.put("log.dirs", dir.toAbsolutePath().toString());

    p.put("auto.create.topics.enable", false);
    p.put("num.partitions", TopicSetup.PARTITIONS);
    p.put("default.replication.factor", 1);
    p.put("message.max.bytes", MAX_MESSAGE_BYTES);
    p.put("log.message.timestamp.type", "LogAppendTime");
    p.put("offsets.topic.num.partitions", TopicSetup.PARTITIONS);
    p.put("offsets.topic.replication.factor", 1);
    p.put("transaction.state.log.num.partitions", 1);
    p.put("transaction.state.log.replication.factor", 1);
    p.put("transaction.state.log.min.isr", 1);
    p.put("share.coordinator.state.topic.num.partitions", 1);
    p.put("share.coordinator.state.topic.replication.factor", 1);
    p.put("share.coordinator.state.topic.min.isr", 1);
    p.put("group.initial.rebalance.delay.ms", 0);
    if (acls) {
      p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
      p.put("allow.everyone.if.no.acl.found", true);
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
