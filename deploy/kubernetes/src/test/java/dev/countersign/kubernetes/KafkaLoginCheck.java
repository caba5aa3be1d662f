package dev.countersign.kubernetes;

import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.kafka.listener.GenericKafkaListener;
import java.util.List;
import java.util.Optional;

/** Each service logs in as its own user, at a listener that the brokers have. */
final class KafkaLoginCheck implements Check {
  private static final String JAAS = "KAFKA_SASL_JAAS_CONFIG";
  private static final String CA = "kafka.ssl.truststore.location";

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Kafka kafka : manifests.all(Kafka.class)) {
      List<String> addresses =
          kafka.getSpec().getKafka().getListeners().stream()
              .map(GenericKafkaListener::getPort)
              .map(port -> kafka.getMetadata().getName() + "-kafka-bootstrap:" + port)
              .toList();
      for (Workload workload : Workload.all(manifests)) {
        String is = workload.settings().value("kafka.bootstrap.servers").orElse(null);
        faults.require(
            addresses.contains(is),
            workload.id(),
            "kafka.bootstrap.servers is " + is,
            "one of " + addresses);
        requireLogin(workload, faults);
        requireAuthority(workload, kafka, faults);
        requireGroups(workload, faults);
      }
    }
  }

  private static void requireLogin(Workload workload, Faults faults) {
    require(workload, "kafka.security.protocol", "SASL_SSL", faults);
    require(workload, "kafka.sasl.mechanism", "SCRAM-SHA-512", faults);
    require(workload, "kafka.ssl.truststore.type", "PEM", faults);
    faults.requireEqual(
        workload.id(),
        "the secret of " + JAAS,
        workload.service().user().name() + ", key sasl.jaas.config",
        workload
            .secret(JAAS)
            .map(secret -> secret.getName() + ", key " + secret.getKey())
            .orElse(null));
  }

  private static void require(Workload workload, String property, String right, Faults faults) {
    faults.requireEqual(
        workload.id(), property, right, workload.settings().value(property).orElse(null));
  }

  private static void requireAuthority(Workload workload, Kafka kafka, Faults faults) {
    Optional<String> secret =
        workload
            .settings()
            .value(CA)
            .flatMap(workload::mount)
            .flatMap(workload::volume)
            .map(volume -> volume.getSecret())
            .map(source -> source.getSecretName());
    faults.requireEqual(
        workload.id(),
        "the secret of " + CA,
        kafka.getMetadata().getName() + "-cluster-ca-cert",
        secret.orElse(null));
  }

  /** With the environment that the manifest gives, which could name other groups. */
  private static void requireGroups(Workload workload, Faults faults) {
    for (Channel channel : Channel.incoming(workload.service())) {
      String group =
          workload
              .settings()
              .value("mp.messaging.incoming." + channel.name() + ".group.id")
              .orElse("");
      faults.require(
          workload.service().user().mayJoin(group),
          workload.id(),
          "its channel " + channel.name() + " reads in the group " + group,
          "a group that KafkaUser lets it join");
      faults.require(
          workload.service().user().mayRead(channel.topic()),
          workload.id(),
          "its channel " + channel.name() + " reads " + channel.topic(),
          "a topic that KafkaUser lets it read");
    }
  }
}
