package dev.countersign.policy.shell.syntax;

import java.util.ArrayList;
import java.util.List;

/** Reads lists of commands. Recursive, to the depth its budget grants. */
public final class Parser {
  /** It keeps nothing between two texts. */
  private static final Parser SHARED = new Parser();

  private final WordReader words = new WordReader(this);
  private final SimpleReader simple = new SimpleReader(this);
  private final CompoundReader compound = new CompoundReader(this);

  /** Statements read so far at the outermost level, and where the one in work begins. */
  public record Progress(List<Node> read, int failedAt, String problem) {}

  WordReader words() {
    return words;
  }

  SimpleReader simple() {
    return simple;
  }

  /** Reads a script as far as it can be read. Never throws. */
  public static Progress parse(String text, Budget budget, boolean posix) {
    List<Node> read = new ArrayList<>();
    int depth = budget.depth();
    int[] failedAt = {0};
    try {
      Cursor c = new Cursor(text, budget, posix);
      SHARED.statements(c, read, failedAt);
      if (!c.atEnd()) {
        throw c.unexpected();
      }
      c.requireNoneWaiting();
      return new Progress(read, text.length(), null);
    } catch (Unreadable e) {
      budget.returnTo(depth);
      return new Progress(read, failedAt[0], e.getMessage());
    }
  }

  /** Reads all of a nested text. */
  Node whole(Cursor c) throws Unreadable {
    Node node = until(c, null);
    if (!c.atEnd()) {
      throw c.unexpected();
    }
    c.requireNoneWaiting();
    return node;
  }

  /** Reads statements up to, not with, what closes them. */
  Node.Sequence until(Cursor c, String close) throws Unreadable {
    List<Node> items = new ArrayList<>(2);
    statements(c, items, new int[1]);
    if (close != null && !c.sees(close)) {
      throw c.unexpected();
    }
    return new Node.Sequence(items);
  }

  /** As {@link #until}, where at least one statement must stand. */
  Node.Sequence body(Cursor c) throws Unreadable {
    Node.Sequence body = until(c, null);
    if (body.items().isEmpty()) {
      throw c.unexpected();
    }
    return body;
  }

  private void statements(Cursor c, List<Node> into, int[] startOfLast) throws Unreadable {
    while (true) {
      c.skipNewlines();
      startOfLast[0] = c.at;
      if (c.atEnd() || c.peek() == ')' || c.sees(";;") || c.sees(";&") || Reserved.closes(c)) {
        return;
      }
      Node item = andOr(c);
      c.skipBlanks();
      if (c.peek() == '&') {
        c.at++;
        refuseBrokenOperator(c);
        into.add(new Node.Background(item));
      } else {
        into.add(item);
        if (c.sees(";;") || c.sees(";&")) {
          return;
        }
        if (c.peek() == ';') {
          c.at++;
          refuseBrokenOperator(c);
        } else if (c.peek() != '\n' || c.atEnd()) {
          return;
        }
      }
    }
  }

  /** {@code &\⏎&} is one operator to a shell; it is not worth reading. */
  static void refuseBrokenOperator(Cursor c) throws Unreadable {
    if (c.peek() == '\\' && c.peek(1) == '\n' && Cursor.isMeta(c.peek(2)) && !isBlank(c.peek(2))) {
      throw new Unreadable("a line continuation inside an operator");
    }
  }

  private static boolean isBlank(char ch) {
    return ch == ' ' || ch == '\t' || ch == '\n';
  }

  private Node andOr(Cursor c) throws Unreadable {
    List<Node> items = new ArrayList<>(1);
    List<Boolean> and = new ArrayList<>(0);
    items.add(pipeline(c));
    c.skipBlanks();
    while (c.sees("&&") || c.sees("||")) {
      and.add(c.peek() == '&');
      c.at += 2;
      refuseBrokenOperator(c);
      c.skipNewlines();
      items.add(pipeline(c));
      c.skipBlanks();
    }
    return items.size() == 1 ? items.get(0) : new Node.AndOr(items, and);
  }

  private Node pipeline(Cursor c) throws Unreadable {
    c.skipBlanks();
    boolean prefixed = false;
    while (true) {
      String word = Reserved.at(c);
      if (word.equals("!")) {
        c.at++;
      } else if (word.equals("time") && !hasOptions(c)) {
        c.at += 4;
        c.skipBlanks();
        if (c.sees("-p") && (c.peek(2) == ' ' || c.peek(2) == '\t')) {
          c.at += 2;
        }
      } else {
        break;
      }
      prefixed = true;
      c.skipBlanks();
      if (word.equals("time") && c.nested() && (c.peek() == '(' || !Reserved.at(c).isEmpty())) {
        throw new Unreadable("time before a compound command in a substitution");
      }
    }
    boolean separated = c.peek() == ';' && c.peek(1) != ';' && c.peek(1) != '&';
    if (prefixed && (c.atEnd() || c.peek() == '\n' || separated)) {
      return new Node.Sequence(List.of());
    }
    List<Node> stages = new ArrayList<>(1);
    stages.add(command(c));
    if (prefixed && c.nested() && stages.get(0) instanceof Node.Function) {
      throw new Unreadable("a function defined in an unusual place");
    }
    c.skipBlanks();
    while (c.peek() == '|' && c.peek(1) != '|') {
      c.at += c.peek(1) == '&' ? 2 : 1;
      refuseBrokenOperator(c);
      c.skipNewlines();
      if (Reserved.at(c).equals("!")) {
        throw c.unexpected();
      }
      stages.add(command(c));
      c.skipBlanks();
    }
    return stages.size() == 1 ? stages.get(0) : new Node.Pipeline(stages);
  }

  /** Whether this is the program of that name, for the reserved word knows only {@code -p}. */
  private static boolean hasOptions(Cursor c) {
    int at = c.at + 4;
    while (at < c.text.length() && (c.text.charAt(at) == ' ' || c.text.charAt(at) == '\t')) {
      at++;
    }
    return c.text.startsWith("-", at) && !c.text.startsWith("-p ", at);
  }

  /** Reads one simple or compound command. */
  Node command(Cursor c) throws Unreadable {
    c.skipBlanks();
    c.budget.enter();
    Node node = compound.read(c, Reserved.at(c));
    if (node == null) {
      node = simple.read(c);
    }
    c.budget.leave();
    return node;
  }
}
