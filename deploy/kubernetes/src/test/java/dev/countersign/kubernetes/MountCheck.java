package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What settings name is mounted, what is mounted is named, and what reloads can change. */
final class MountCheck implements Check {
  private static final Pattern PATH = Pattern.compile("(?<=^|=|,)(/[^&,;\\s]+)(?=$|&|,|;)");

  /** Read again while the service runs, so the name of what holds them must not change. */
  private static final List<String> RELOADED =
      List.of("COUNTERSIGN_TRUST_FILE", "COUNTERSIGN_MANAGED_RULES_FILE");

  /** Read at the start only (ADR 0012), so another content must have another name. */
  private static final String ROLLED = "COUNTERSIGN_TOOLS_FILE";

  private static final Pattern HASHED = Pattern.compile(".*-[a-z0-9]{10}");
  private static final String SECRET_OF_THE_SERVICE = "COUNTERSIGN_SIGNING_KEY_FILE";
  private static final int NOT_PRIVATE = 0027;

  @Override
  public void run(Manifests manifests, Faults faults) {
    Set<String> tools = new HashSet<>();
    for (Workload workload : Workload.all(manifests)) {
      Set<VolumeMount> named = new HashSet<>();
      for (Map.Entry<String, String> each : workload.environment().entrySet()) {
        PATH.matcher(each.getValue())
            .results()
            .forEach(
                match ->
                    file(workload, each.getKey(), match.group(1), manifests, faults)
                        .ifPresent(named::add));
      }
      requireMounts(workload, named, faults);
      Optional.ofNullable(workload.environment().get(ROLLED))
          .flatMap(workload::mount)
          .flatMap(workload::volume)
          .ifPresent(volume -> tools.add(source(volume)));
    }
    faults.require(
        tools.size() <= 1,
        "Deployment/permission-store",
        "it has other tools than the approval service: " + tools,
        "one config map for both");
  }

  private static Optional<VolumeMount> file(
      Workload workload, String variable, String path, Manifests manifests, Faults faults) {
    Optional<VolumeMount> mount = workload.mount(path);
    Optional<Volume> volume = mount.flatMap(workload::volume);
    if (volume.isEmpty()) {
      faults.add(
          workload.id(),
          variable + " names " + path + ", where nothing is mounted",
          "one of the mounts "
              + workload.container().getVolumeMounts().stream()
                  .map(VolumeMount::getMountPath)
                  .toList());
      return Optional.empty();
    }
    String inside = Path.of(mount.get().getMountPath()).relativize(Path.of(path)).toString();
    String source = source(volume.get());
    if (!inside.isEmpty()) {
      Set<String> paths = paths(volume.get(), source, manifests);
      faults.require(
          paths.isEmpty() || paths.contains(inside),
          workload.id(),
          "%s names %s, but %s holds no %s".formatted(variable, path, source, inside),
          "one of " + paths);
    }
    requireName(workload, variable, source, faults);
    if (variable.equals(SECRET_OF_THE_SERVICE)) {
      requirePrivate(workload, volume.get(), faults);
    }
    return mount;
  }

  /** What the volume is made from, as {@code Kind/name}. */
  private static String source(Volume volume) {
    if (volume.getConfigMap() != null) {
      return "ConfigMap/" + volume.getConfigMap().getName();
    }
    if (volume.getSecret() != null) {
      return "Secret/" + volume.getSecret().getSecretName();
    }
    return "volume " + volume.getName();
  }

  /** The files that it has; empty where only the cluster knows. */
  private static Set<String> paths(Volume volume, String source, Manifests manifests) {
    Set<String> paths = new HashSet<>();
    List<KeyToPath> items =
        volume.getConfigMap() != null
            ? volume.getConfigMap().getItems()
            : volume.getSecret() != null ? volume.getSecret().getItems() : List.of();
    for (KeyToPath item : items) {
      paths.add(item.getPath());
    }
    if (items.isEmpty()) {
      manifests.objects().stream()
          .filter(object -> Manifests.id(object).equals(source))
          .forEach(object -> object.path("data").fieldNames().forEachRemaining(paths::add));
      if (paths.isEmpty()) {
        paths.addAll(Documented.keys(source));
      }
    }
    return paths;
  }

  private static void requireName(
      Workload workload, String variable, String source, Faults faults) {
    if (RELOADED.contains(variable)) {
      faults.require(
          !HASHED.matcher(source).matches(),
          workload.id(),
          variable + " comes from " + source + ", whose name changes with its content",
          "a name without a hash: the service reads it again by itself");
    }
    if (variable.equals(ROLLED)) {
      faults.require(
          HASHED.matcher(source).matches(),
          workload.id(),
          variable + " comes from " + source + ", so a change would not roll the pods",
          "a name that kustomize ends with the hash of its content");
    }
  }

  private static void requirePrivate(Workload workload, Volume volume, Faults faults) {
    Optional<SecretVolumeSource> secret = Optional.ofNullable(volume.getSecret());
    List<Integer> modes = new ArrayList<>();
    modes.add(secret.map(SecretVolumeSource::getDefaultMode).orElse(null));
    secret.map(SecretVolumeSource::getItems).orElse(List.of()).stream()
        .map(KeyToPath::getMode)
        .filter(Objects::nonNull)
        .forEach(modes::add);
    for (Integer mode : modes) {
      faults.require(
          mode != null && (mode & NOT_PRIVATE) == 0,
          workload.id(),
          "the mode of its signing key is " + (mode == null ? "unset" : "0%o".formatted(mode)),
          "0440 (288) or less: neither its group may write it nor anybody else read it");
    }
  }

  private static void requireMounts(Workload workload, Set<VolumeMount> named, Faults faults) {
    for (VolumeMount mount : workload.container().getVolumeMounts()) {
      String at = "the mount " + mount.getMountPath();
      faults.require(
          mount.getSubPath() == null && mount.getSubPathExpr() == null,
          workload.id(),
          at + " has a subPath, which the kubelet never changes",
          "the whole folder");
      Optional<Volume> volume = workload.volume(mount);
      faults.require(volume.isPresent(), workload.id(), at + " has no volume", "a volume");
      boolean scratch = volume.isPresent() && volume.get().getEmptyDir() != null;
      faults.require(
          scratch || named.contains(mount),
          workload.id(),
          "no setting names a file of " + at,
          "a setting that does, or no mount");
      faults.require(
          scratch || Boolean.TRUE.equals(mount.getReadOnly()),
          workload.id(),
          at + " may be written",
          "readOnly: true");
      faults.require(
          !scratch || volume.get().getEmptyDir().getSizeLimit() != null,
          workload.id(),
          at + " may fill the node's disk",
          "emptyDir.sizeLimit");
    }
  }
}
