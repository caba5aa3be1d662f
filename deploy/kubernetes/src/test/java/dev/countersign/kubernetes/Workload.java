package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A service as a Deployment runs it.
 *
 * @param container the service's own
 * @param environment its variables in their order; a value that only the cluster knows is {@link
 *     #FROM_CLUSTER}
 */
record Workload(
    Service service,
    Deployment deployment,
    Container container,
    Map<String, String> environment,
    ServiceSettings settings) {
  /** Stands for what a secret or the cluster gives; it is no valid value of most settings. */
  static final String FROM_CLUSTER = "from-the-cluster";

  private static final Pattern REFERENCE = Pattern.compile("\\$\\(([A-Za-z0-9_.-]+)\\)");

  /** Those of all services that have a Deployment with a container of their name. */
  static List<Workload> all(Manifests manifests) {
    List<Workload> all = new ArrayList<>();
    for (Deployment deployment : manifests.all(Deployment.class)) {
      Service.named(deployment.getMetadata().getName())
          .flatMap(service -> of(service, deployment, manifests))
          .ifPresent(all::add);
    }
    return all;
  }

  private static Optional<Workload> of(
      Service service, Deployment deployment, Manifests manifests) {
    return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
        .filter(container -> container.getName().equals(service.label()))
        .findFirst()
        .map(
            container -> {
              Map<String, String> environment = environment(container, manifests);
              return new Workload(
                  service,
                  deployment,
                  container,
                  environment,
                  new ServiceSettings(service, environment));
            });
  }

  /** Without what {@code envFrom} takes from a secret: a secret's keys are not ours to know. */
  private static Map<String, String> environment(Container container, Manifests manifests) {
    Map<String, String> all = new LinkedHashMap<>();
    container
        .getEnvFrom()
        .forEach(
            from -> {
              if (from.getConfigMapRef() != null) {
                String prefix = from.getPrefix() == null ? "" : from.getPrefix();
                data(manifests, from.getConfigMapRef().getName())
                    .forEach((name, value) -> all.put(prefix + name, value));
              }
            });
    for (EnvVar variable : container.getEnv()) {
      all.put(variable.getName(), value(variable, manifests, all));
    }
    return all;
  }

  private static String value(EnvVar variable, Manifests manifests, Map<String, String> before) {
    EnvVarSource from = variable.getValueFrom();
    if (from == null) {
      return expanded(variable.getValue() == null ? "" : variable.getValue(), before);
    }
    if (from.getConfigMapKeyRef() != null) {
      return data(manifests, from.getConfigMapKeyRef().getName())
          .getOrDefault(from.getConfigMapKeyRef().getKey(), FROM_CLUSTER);
    }
    return FROM_CLUSTER;
  }

  /** As the kubelet does: by what stands before, and what is not known stays as it is. */
  private static String expanded(String value, Map<String, String> before) {
    return REFERENCE
        .matcher(value)
        .replaceAll(
            match -> Matcher.quoteReplacement(before.getOrDefault(match.group(1), match.group())));
  }

  /** The variables to which another refers, as {@code $(NAME)}. */
  List<String> referredTo() {
    return container.getEnv().stream()
        .filter(variable -> variable.getValue() != null)
        .flatMap(variable -> REFERENCE.matcher(variable.getValue()).results())
        .map(match -> match.group(1))
        .toList();
  }

  private static Map<String, String> data(Manifests manifests, String configMap) {
    return manifests.all(ConfigMap.class).stream()
        .filter(map -> map.getMetadata().getName().equals(configMap))
        .findFirst()
        .map(ConfigMap::getData)
        .orElse(Map.of());
  }

  String id() {
    return Manifests.id(deployment);
  }

  PodSpec pod() {
    return deployment.getSpec().getTemplate().getSpec();
  }

  /** The labels of its pods. */
  Map<String, String> labels() {
    return Optional.ofNullable(deployment.getSpec().getTemplate().getMetadata())
        .map(ObjectMeta::getLabels)
        .orElse(Map.of());
  }

  /** The number of a port by its name. */
  Optional<Integer> port(String name) {
    return container.getPorts().stream()
        .filter(port -> name.equals(port.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst();
  }

  /** The number of a port that is called by its number or its name; null if it has none so. */
  Integer number(IntOrString port) {
    return port.getStrVal() == null ? port.getIntVal() : port(port.getStrVal()).orElse(null);
  }

  /** The secret and key that give a variable its value. */
  Optional<SecretKeySelector> secret(String variable) {
    return container.getEnv().stream()
        .filter(each -> each.getName().equals(variable))
        .filter(each -> each.getValueFrom() != null)
        .map(each -> each.getValueFrom().getSecretKeyRef())
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** The mount in which a file lies. */
  Optional<VolumeMount> mount(String file) {
    return container.getVolumeMounts().stream()
        .filter(mount -> Path.of(file).startsWith(mount.getMountPath()))
        .max(Comparator.comparing(mount -> mount.getMountPath().length()));
  }

  /** The volume of a mount. */
  Optional<Volume> volume(VolumeMount mount) {
    return pod().getVolumes().stream()
        .filter(volume -> volume.getName().equals(mount.getName()))
        .findFirst();
  }
}
