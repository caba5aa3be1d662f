package dev.countersign.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Every image says where it comes from, and which it is. */
final class ImageCheck implements Check {
  /** Without a host it would be somebody else's on a public registry. */
  private static final Pattern IMAGE =
      Pattern.compile(
          "[a-z0-9-]+(?:\\.[a-z0-9-]+)+(?::\\d+)?(?:/[a-z0-9._-]+)+"
              + "(?::(?!latest)[A-Za-z0-9_.-]+|@sha256:[0-9a-f]{64})");

  @Override
  public void run(Manifests manifests, Faults faults) {
    for (Deployment deployment : manifests.all(Deployment.class)) {
      var pod = deployment.getSpec().getTemplate().getSpec();
      List<Container> containers = new ArrayList<>(pod.getContainers());
      containers.addAll(pod.getInitContainers());
      for (Container container : containers) {
        String image = container.getImage();
        faults.require(
            image != null && IMAGE.matcher(image).matches(),
            Manifests.id(deployment),
            "its image is " + image,
            "HOST/NAME@sha256:DIGEST or HOST/NAME:TAG, and no tag that moves");
        faults.require(
            image == null || image.contains("/" + deployment.getMetadata().getName()),
            Manifests.id(deployment),
            "its image is " + image,
            "the service's own");
      }
    }
  }
}
