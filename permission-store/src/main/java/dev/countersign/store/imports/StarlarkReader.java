package dev.countersign.store.imports;

import dev.countersign.document.Names;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads calls with named, literal arguments. Whatever else may stand in a Starlark file (variables,
 * functions, loops, concatenation) could compute rules that nobody here sees: it refuses the file,
 * with line and column.
 */
final class StarlarkReader {
  private static final int MAX_DEPTH = 10;
  private static final char END = '\0';

  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  private StarlarkReader(String text) {
    this.text = text;
  }

  static List<Starlark.Call> read(String text) throws UnreadableFileException {
    return new StarlarkReader(text).calls();
  }

  private List<Starlark.Call> calls() throws UnreadableFileException {
    List<Starlark.Call> calls = new ArrayList<>();
    for (skip(true); at < text.length(); skip(true)) {
      if (quote(peek())) {
        string(false);
      } else {
        calls.add(call());
      }
      skip(false);
      if (peek() == ';') {
        next();
      } else if (at < text.length() && peek() != '\n') {
        throw wrong("expected the end of the line");
      }
    }
    return calls;
  }

  private Starlark.Call call() throws UnreadableFileException {
    int startLine = line;
    int startColumn = column();
    String name = name();
    skip(false);
    if (peek() != '(') {
      throw wrong("only calls such as prefix_rule(...) are understood");
    }
    next();
    Map<String, Starlark.Value> arguments = new LinkedHashMap<>();
    for (skip(true); peek() != ')'; skip(true)) {
      int keyLine = line;
      int keyColumn = column();
      String key = name();
      skip(true);
      if (peek() != '=') {
        throw wrong("arguments are named here: " + name + "(pattern = [...])");
      }
      next();
      skip(true);
      if (arguments.put(key, value(0)) != null) {
        throw UnreadableFileException.malformed(keyLine, keyColumn, key + " is given twice");
      }
      separator(')');
    }
    next();
    return new Starlark.Call(startLine, startColumn, name, arguments);
  }

  private Starlark.Value value(int depth) throws UnreadableFileException {
    int startLine = line;
    int startColumn = column();
    char c = peek();
    if (c == '[') {
      if (depth == MAX_DEPTH) {
        throw wrong("lists are nested too deeply");
      }
      next();
      List<Starlark.Value> values = new ArrayList<>();
      for (skip(true); peek() != ']'; skip(true)) {
        values.add(value(depth + 1));
        separator(']');
      }
      next();
      return new Starlark.Elements(startLine, startColumn, List.copyOf(values));
    }
    if (quote(c)) {
      return new Starlark.Text(startLine, startColumn, string(false));
    }
    if (c == 'r' && at + 1 < text.length() && quote(text.charAt(at + 1))) {
      next();
      return new Starlark.Text(startLine, startColumn, string(true));
    }
    if (Character.isDigit(c)) {
      StringBuilder number = new StringBuilder();
      while (Character.isDigit(peek())) {
        number.append(next());
      }
      return new Starlark.Other(startLine, startColumn, number.toString());
    }
    String word = name();
    if (!List.of("True", "False", "None").contains(word)) {
      throw UnreadableFileException.malformed(
          startLine, startColumn, Names.quoted(word) + " is no literal; write the text itself");
    }
    return new Starlark.Other(startLine, startColumn, word);
  }

  private void separator(char end) throws UnreadableFileException {
    skip(true);
    if (peek() == ',') {
      next();
    } else if (peek() != end) {
      throw wrong("expected , or " + end);
    }
  }

  private String name() throws UnreadableFileException {
    StringBuilder name = new StringBuilder();
    while (Character.isLetterOrDigit(peek()) || peek() == '_') {
      name.append(next());
    }
    if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
      throw wrong("expected a name or a literal");
    }
    return name.toString();
  }

  private String string(boolean raw) throws UnreadableFileException {
    char quote = next();
    boolean longText = text.startsWith(String.valueOf(quote).repeat(2), at);
    if (longText) {
      next();
      next();
    }
    StringBuilder out = new StringBuilder();
    while (true) {
      if (at >= text.length() || peek() == '\n' && !longText) {
        throw wrong("a text without its closing quote");
      }
      if (longText ? text.startsWith(String.valueOf(quote).repeat(3), at) : peek() == quote) {
        for (int i = 0; i < (longText ? 3 : 1); i++) {
          next();
        }
        return out.toString();
      }
      if (peek() != '\\') {
        out.append(next());
      } else if (raw) {
        out.append(next()).append(at < text.length() ? next() : '\\');
      } else {
        out.append(escape());
      }
    }
  }

  private char escape() throws UnreadableFileException {
    next();
    char c = peek();
    char meant =
        switch (c) {
          case 'n' -> '\n';
          case 't' -> '\t';
          case 'r' -> '\r';
          case '\\', '"', '\'' -> c;
          default -> throw wrong("an escape that is not understood");
        };
    next();
    return meant;
  }

  /** Skips blanks and comments; line ends, too, where they mean nothing. */
  private void skip(boolean lines) {
    while (at < text.length()) {
      char c = peek();
      if (c == '#') {
        while (at < text.length() && peek() != '\n') {
          next();
        }
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' && lines) {
        next();
      } else {
        return;
      }
    }
  }

  private static boolean quote(char c) {
    return c == '"' || c == '\'';
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : END;
  }

  private char next() {
    char c = text.charAt(at++);
    if (c == '\n') {
      line++;
      lineStart = at;
    }
    return c;
  }

  private int column() {
    return at - lineStart + 1;
  }

  private UnreadableFileException wrong(String detail) {
    return UnreadableFileException.malformed(line, column(), detail);
  }
}
