package dev.countersign.store.imports;

import java.util.List;
import java.util.Map;

/** The part of Starlark that rule files are written in: calls with named, literal arguments. */
final class Starlark {
  private Starlark() {}

  /** A literal. */
  sealed interface Value {
    int line();

    int column();
  }

  record Text(int line, int column, String value) implements Value {}

  record Elements(int line, int column, List<Value> values) implements Value {}

  /** A number, {@code True}, {@code False} or {@code None}. */
  record Other(int line, int column, String written) implements Value {}

  /** A call on a line of its own. */
  record Call(int line, int column, String name, Map<String, Value> arguments) {}

  static UnreadableFileException unknown(Value value, String detail) {
    return UnreadableFileException.malformed(value.line(), value.column(), detail);
  }
}
