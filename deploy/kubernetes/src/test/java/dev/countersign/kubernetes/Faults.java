package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/** Collects what checks find, so that one run shows all of it. */
final class Faults {
  private final List<Fault> found = new ArrayList<>();

  void add(String object, String wrong, String right) {
    found.add(new Fault(object, wrong, right));
  }

  /** Adds a fault unless the value is as it must be; both may be absent. */
  void requireEqual(String object, String what, Object right, Object is) {
    if (!Objects.equals(right, is)) {
      add(object, what + " is " + is, String.valueOf(right));
    }
  }

  /** As {@link #requireEqual(String, String, Object, Object)}, of what stands at a place. */
  void requireAt(String object, JsonNode in, String pointer, String right) {
    JsonNode is = in.at(pointer);
    requireEqual(object, pointer, right, is.isMissingNode() ? null : is.asText());
  }

  void require(boolean holds, String object, String wrong, String right) {
    if (!holds) {
      add(object, wrong, right);
    }
  }

  /** Adds a fault for each that is missing, and for each that is too many. */
  void requireSame(String object, String what, Collection<?> right, Collection<?> are) {
    TreeSet<String> wanted = texts(right);
    TreeSet<String> present = texts(are);
    for (String each : wanted) {
      require(present.contains(each), object, what + " lacks " + each, "with it");
    }
    for (String each : present) {
      require(wanted.contains(each), object, what + " has " + each, "without it");
    }
  }

  private static TreeSet<String> texts(Collection<?> values) {
    TreeSet<String> texts = new TreeSet<>();
    values.forEach(value -> texts.add(String.valueOf(value)));
    return texts;
  }

  List<Fault> all() {
    return List.copyOf(found);
  }
}
