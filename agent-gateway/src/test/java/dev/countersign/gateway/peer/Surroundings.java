package dev.countersign.gateway.peer;

import dev.countersign.embedded.DevKeys;
import dev.countersign.embedded.KafkaBroker;
import dev.countersign.embedded.TcpProxy;
import dev.countersign.embedded.TopicSetup;
import dev.countersign.protocol.Json;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;

/** Kafka, keys and the scripted peer around a gateway under test. */
public final class Surroundings implements QuarkusTestResourceLifecycleManager {
  /** How many connections the gateway may have open. */
  public static final int CONNECTIONS = 500;

  private TcpProxy proxy;
  private KafkaBroker kafka;
  private ScriptedPeer peer;
  private DevKeys keys;

  @Override
  public Map<String, String> start() {
    proxy = TcpProxy.open();
    kafka = KafkaBroker.startTemporaryBehindProxy(proxy.port());
    proxy.leadTo(kafka.proxiedPort());
    TopicSetup.createAll(kafka.bootstrapServers());
    try {
      keys = DevKeys.in(Files.createTempDirectory("countersign-keys"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    peer = new ScriptedPeer(kafka.bootstrapServers(), keys);
    return Map.ofEntries(
        Map.entry("kafka.bootstrap.servers", "127.0.0.1:" + proxy.port()),
        Map.entry("countersign.trust-file", keys.trustFile().toString()),
        Map.entry("countersign.signing-key-file", keys.keyFile(DevKeys.GATEWAY).toString()),
        Map.entry("countersign.approval.url", peer.url()),
        Map.entry("countersign.store.url", peer.url()),
        Map.entry("countersign.connections.max", String.valueOf(CONNECTIONS)),
        Map.entry("countersign.connections.header-time", "PT4S"),
        Map.entry("countersign.connections.idle-time", "PT6S"),
        Map.entry("countersign.bodies.max-time", "PT8S"),
        Map.entry("countersign.bodies.max-bytes-in-flight", "134217728"),
        Map.entry(
            "countersign.kafka.max-bytes-waiting", String.valueOf(64 * Json.MAX_REQUEST_BYTES)));
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(peer, new TestInjector.MatchesType(ScriptedPeer.class));
    injector.injectIntoFields(proxy, new TestInjector.MatchesType(TcpProxy.class));
    injector.injectIntoFields(keys, new TestInjector.MatchesType(DevKeys.class));
  }

  @Override
  public void stop() {
    if (peer != null) {
      peer.close();
    }
    if (proxy != null) {
      proxy.close();
    }
    if (kafka != null) {
      kafka.close();
    }
  }
}
