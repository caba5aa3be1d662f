package dev.countersign.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;

/**
 * One way in which the manifests could be wrong, and what a check must say of it.
 *
 * @param broken what is wrong
 * @param check the check that must find it
 * @param object what is changed, as {@code Kind/name}
 * @param like the object of that kind of which a copy is added as {@code object} before; null for
 *     none
 * @param set what is set, by its place: names of fields, and in a list a number, {@code -} for one
 *     more, or the {@code name} of the member
 * @param drop the places that are removed; an empty one is the object itself
 * @param at of what the fault must be; null for {@code object}
 * @param says what must be in the fault
 */
record Breakage(
    String broken,
    String check,
    String object,
    String like,
    Map<String, JsonNode> set,
    List<String> drop,
    String at,
    String says) {
  private static final String FILE = "broken.yaml";
  private static final String MORE = "-";

  Breakage {
    Objects.requireNonNull(check, broken);
    Objects.requireNonNull(object, broken);
    Objects.requireNonNull(says, broken);
    set = set == null ? Map.of() : Map.copyOf(set);
    drop = drop == null ? List.of() : List.copyOf(drop);
    at = Optional.ofNullable(at).orElse(object);
  }

  /** All that are tried. */
  static List<Breakage> all() {
    YAMLMapper yaml = new YAMLMapper();
    try (InputStream in = Breakage.class.getResourceAsStream(FILE)) {
      return List.of(yaml.readValue(in, Breakage[].class));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A copy of the manifests that is wrong in this one way. */
  Manifests of(Manifests right) {
    Manifests wrong = right.copy();
    String[] words = object.split("/");
    if (like != null) {
      ObjectNode copy = wrong.get(words[0], like).deepCopy();
      ((ObjectNode) copy.path("metadata")).put("name", words[1]);
      wrong.objects().add(copy);
    }
    ObjectNode target =
        wrong.find(words[0], words[1]).orElseGet(() -> named(wrong, words[0], words[1]));
    set.forEach((place, value) -> change(target, place, value));
    for (String place : drop) {
      if (place.isEmpty()) {
        wrong.objects().remove(target);
      } else {
        change(target, place, null);
      }
    }
    return wrong;
  }

  /** One whose name ends with the hash of its content. */
  private static ObjectNode named(Manifests manifests, String kind, String name) {
    return manifests.ofKind(kind).stream()
        .filter(each -> Manifests.name(each).startsWith(name + "-"))
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no " + kind + "/" + name));
  }

  private static void change(ObjectNode object, String place, JsonNode value) {
    String[] steps = place.substring(1).split("/");
    JsonNode parent = object;
    for (int i = 0; i < steps.length - 1; i++) {
      parent = member(parent, name(steps[i]), place);
    }
    String last = name(steps[steps.length - 1]);
    if (parent instanceof ArrayNode list) {
      changeMember(list, last, value, place);
    } else if (value == null) {
      if (((ObjectNode) parent).remove(last) == null) {
        throw new NoSuchElementException(place);
      }
    } else {
      ((ObjectNode) parent).set(last, value);
    }
  }

  private static void changeMember(ArrayNode list, String step, JsonNode value, String place) {
    if (step.equals(MORE)) {
      list.add(value);
    } else if (value == null) {
      list.remove(index(list, step, place));
    } else {
      list.set(index(list, step, place), value);
    }
  }

  private static String name(String step) {
    return step.replace("~1", "/");
  }

  private static JsonNode member(JsonNode parent, String step, String place) {
    JsonNode member =
        parent instanceof ArrayNode list ? list.get(index(list, step, place)) : parent.path(step);
    if (!member.isContainerNode()) {
      throw new NoSuchElementException(place + ": no " + step);
    }
    return member;
  }

  private static int index(ArrayNode list, String step, String place) {
    if (step.matches("\\d+")) {
      return Integer.parseInt(step);
    }
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).path("name").asText().equals(step)) {
        return i;
      }
    }
    throw new NoSuchElementException(place + ": no " + step);
  }

  @Override
  public String toString() {
    return check + ": " + broken;
  }
}
