package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A pod may do no more than it must, on its node and in the cluster. */
final class PodSecurityCheck implements Check {
  private static final List<String> ROLES =
      List.of("Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding");

  private static final String POD_SECURITY = "/metadata/labels/pod-security.kubernetes.io~1";

  /** Not all that operators run complies with the stricter one, unless they are told to. */
  private static final List<String> ENFORCED = List.of("baseline", "restricted");

  @Override
  public void run(Manifests manifests, Faults faults) {
    Set<String> accounts = new HashSet<>();
    for (Deployment deployment : manifests.all(Deployment.class)) {
      String id = Manifests.id(deployment);
      PodSpec pod = deployment.getSpec().getTemplate().getSpec();
      requirePod(id, pod, faults);
      List<Container> containers = new ArrayList<>(pod.getContainers());
      containers.addAll(pod.getInitContainers());
      containers.forEach(container -> requireContainer(id, container, faults));
      requireAccount(deployment, manifests, faults);
      accounts.add(pod.getServiceAccountName());
    }
    faults.requireEqual(
        "the Deployments",
        "the number of their service accounts",
        manifests.all(Deployment.class).size(),
        accounts.size());
    for (ObjectNode object : manifests.objects()) {
      faults.require(
          !ROLES.contains(object.path("kind").asText()),
          Manifests.id(object),
          "no part of Countersign asks the API server for anything",
          "no role and no binding");
    }
    for (ObjectNode namespace : manifests.ofKind("Namespace")) {
      String enforced = namespace.at(POD_SECURITY + "enforce").asText();
      faults.require(
          ENFORCED.contains(enforced),
          Manifests.id(namespace),
          "it enforces " + enforced,
          "one of " + ENFORCED);
      if (!enforcesRestricted(namespace)) {
        faults.requireAt(Manifests.id(namespace), namespace, POD_SECURITY + "warn", "restricted");
      }
    }
  }

  /** Whether a namespace takes only pods that are told to ask for nothing. */
  static boolean enforcesRestricted(ObjectNode namespace) {
    return namespace.at(POD_SECURITY + "enforce").asText().equals("restricted");
  }

  private static void requirePod(String id, PodSpec pod, Faults faults) {
    faults.requireEqual(
        id, "automountServiceAccountToken", false, pod.getAutomountServiceAccountToken());
    // A Service's address would arrive as KAFKA_… or COUNTERSIGN_…, which are settings.
    faults.requireEqual(id, "enableServiceLinks", false, pod.getEnableServiceLinks());
    faults.require(
        !Boolean.TRUE.equals(pod.getHostNetwork())
            && !Boolean.TRUE.equals(pod.getHostPID())
            && !Boolean.TRUE.equals(pod.getHostIPC()),
        id,
        "it shares a namespace of its node",
        "no hostNetwork, hostPID or hostIPC");
    faults.require(
        pod.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null),
        id,
        "it mounts a folder of its node",
        "no hostPath");
    PodSecurityContext context =
        pod.getSecurityContext() == null ? new PodSecurityContext() : pod.getSecurityContext();
    faults.requireEqual(id, "runAsNonRoot", true, context.getRunAsNonRoot());
    faults.require(
        context.getRunAsUser() != null && context.getRunAsUser() > 0,
        id,
        "runAsUser is " + context.getRunAsUser(),
        "a user other than 0");
    faults.require(
        context.getFsGroup() != null && context.getFsGroup() > 0,
        id,
        "fsGroup is " + context.getFsGroup() + ", so mode 0440 lets the service read nothing",
        "the service's group");
    faults.requireEqual(
        id,
        "seccompProfile",
        "RuntimeDefault",
        context.getSeccompProfile() == null ? null : context.getSeccompProfile().getType());
  }

  private static void requireContainer(String id, Container container, Faults faults) {
    String at = id + ", container " + container.getName();
    SecurityContext context =
        container.getSecurityContext() == null
            ? new SecurityContext()
            : container.getSecurityContext();
    faults.requireEqual(
        at, "allowPrivilegeEscalation", false, context.getAllowPrivilegeEscalation());
    faults.requireEqual(at, "readOnlyRootFilesystem", true, context.getReadOnlyRootFilesystem());
    faults.requireEqual(
        at,
        "the list of dropped capabilities",
        List.of("ALL"),
        context.getCapabilities() == null ? null : context.getCapabilities().getDrop());
    faults.require(
        context.getCapabilities() == null || context.getCapabilities().getAdd().isEmpty(),
        at,
        "it adds capabilities",
        "none");
    faults.require(
        !Boolean.TRUE.equals(context.getPrivileged())
            && !Boolean.FALSE.equals(context.getRunAsNonRoot())
            && (context.getRunAsUser() == null || context.getRunAsUser() > 0),
        at,
        "it is privileged or runs as root",
        "what its pod says");
  }

  private static void requireAccount(Deployment deployment, Manifests manifests, Faults faults) {
    String name = deployment.getSpec().getTemplate().getSpec().getServiceAccountName();
    faults.requireEqual(
        Manifests.id(deployment), "serviceAccountName", deployment.getMetadata().getName(), name);
    boolean there =
        manifests.all(ServiceAccount.class).stream()
            .anyMatch(account -> account.getMetadata().getName().equals(name));
    faults.require(
        there, Manifests.id(deployment), "there is no ServiceAccount/" + name, "one of its name");
  }
}
