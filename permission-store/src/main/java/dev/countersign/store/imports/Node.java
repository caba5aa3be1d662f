package dev.countersign.store.imports;

import java.util.List;
import java.util.Optional;

/** A JSON value and the line it stands on; fields in the order of the file. */
sealed interface Node {
  int line();

  record Text(int line, String value) implements Node {}

  /** A number, a truth value or null, as written. */
  record Plain(int line, String written) implements Node {}

  record Elements(int line, List<Node> values) implements Node {}

  record Fields(int line, List<Field> fields) implements Node {
    Optional<Node> get(String key) {
      return fields.stream().filter(f -> f.key().equals(key)).findFirst().map(Field::value);
    }
  }

  record Field(int line, String key, Node value) {}

  /** The value in one line, as a report quotes it. */
  default String shown() {
    if (this instanceof Text text) {
      return text.value();
    }
    return this instanceof Plain plain
        ? plain.written()
        : this instanceof Elements elements
            ? "[" + elements.values().size() + " values]"
            : "{" + ((Fields) this).fields().size() + " fields}";
  }

  /** The text, if it is one. */
  default Optional<String> text() {
    return this instanceof Text text ? Optional.of(text.value()) : Optional.empty();
  }
}
