package dev.countersign.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Annotation;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the Kafka connector in a service's image says of its own settings. */
final class Connector {
  private static final String CLASS = "io.smallrye.reactive.messaging.kafka.KafkaConnector";
  private static final String LIST =
      "io.smallrye.reactive.messaging.annotations.ConnectorAttributes";

  private Connector() {}

  /**
   * The names of its settings, after the name of the channel.
   *
   * @param libraries those of the image, which alone are looked at
   */
  static Set<String> attributes(Path libraries) {
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(libraries, "*.jar")) {
      for (Path jar : files) {
        jars.add(jar.toUri().toURL());
      }
      try (URLClassLoader image =
          new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
        return attributes(image);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(libraries + " cannot be read: run mvn verify", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(CLASS + " does not say what it reads", e);
    }
  }

  private static Set<String> attributes(ClassLoader image) throws ReflectiveOperationException {
    Annotation list =
        Class.forName(CLASS, false, image)
            .getAnnotation(Class.forName(LIST, false, image).asSubclass(Annotation.class));
    Set<String> names = new HashSet<>();
    for (Object attribute : (Object[]) list.annotationType().getMethod("value").invoke(list)) {
      names.add(
          (String) ((Annotation) attribute).annotationType().getMethod("name").invoke(attribute));
    }
    return names;
  }
}
