package dev.countersign.kubernetes;

import java.util.List;
import java.util.stream.Stream;

/**
 * A topic that a service reads, as its {@code application.properties} says.
 *
 * @param reset where a group begins that has committed nothing
 */
record Channel(String name, String topic, String group, String reset) {
  private static final String PREFIX = "mp.messaging.incoming.";
  private static final String CONNECTOR = "mp.messaging.connector.smallrye-kafka.";
  private static final String TOPIC = ".topic";

  static List<Channel> incoming(Service service) {
    return service.defaults().keySet().stream()
        .filter(property -> property.startsWith(PREFIX) && property.endsWith(TOPIC))
        .map(property -> property.substring(PREFIX.length(), property.length() - TOPIC.length()))
        .sorted()
        .map(
            name ->
                new Channel(
                    name,
                    of(service, name, "topic"),
                    of(service, name, "group.id"),
                    of(service, name, "auto.offset.reset")))
        .toList();
  }

  /** What the names of all settings of channels begin with. */
  static List<String> prefixes(Service service) {
    return Stream.concat(
            Stream.of(CONNECTOR),
            service.defaults().keySet().stream()
                .filter(
                    property -> property.matches("mp\\.messaging\\.(in|out)[a-z]+\\..*\\.topic"))
                .map(property -> property.substring(0, property.length() - TOPIC.length() + 1)))
        .toList();
  }

  private static String of(Service service, String channel, String attribute) {
    String own = service.defaults().get(PREFIX + channel + "." + attribute);
    return own != null ? own : service.defaults().get(CONNECTOR + attribute);
  }

  /** Whether all replicas read in one group, so that more of them share the work. */
  boolean isShared() {
    return !group.contains("${");
  }
}
