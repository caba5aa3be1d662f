package dev.countersign.policy.shell.syntax;

import java.util.ArrayList;
import java.util.List;

/** A place in a text, and the here-documents that wait for the end of its line. */
final class Cursor {
  static final char END = '\uffff';

  final String text;
  final Budget budget;
  final boolean posix;
  int at;
  private int nesting;
  private List<HereDocument> waiting = new ArrayList<>();

  Cursor(String text, Budget budget, boolean posix) throws Unreadable {
    this.text = text;
    this.budget = budget;
    this.posix = posix;
    budget.spend(text.length());
  }

  boolean atEnd() {
    return at >= text.length();
  }

  char peek() {
    return peek(0);
  }

  char peek(int ahead) {
    int index = at + ahead;
    return index < text.length() ? text.charAt(index) : END;
  }

  boolean sees(String expected) {
    return text.startsWith(expected, at);
  }

  boolean take(String expected) {
    if (!sees(expected)) {
      return false;
    }
    at += expected.length();
    return true;
  }

  void expect(String expected) throws Unreadable {
    if (!take(expected)) {
      throw unexpected();
    }
  }

  /** Skips blanks, line continuations and a comment. Stops before the newline. */
  void skipBlanks() {
    while (!atEnd()) {
      char c = peek();
      if (c == ' ' || c == '\t') {
        at++;
      } else if (c == '\\' && peek(1) == '\n') {
        at += 2;
      } else {
        break;
      }
    }
    if (peek() == '#' && !atEnd()) {
      int end = text.indexOf('\n', at);
      at = end < 0 ? text.length() : end;
    }
  }

  /** Skips blanks, comments and newlines, reading here-documents where they are due. */
  void skipNewlines() throws Unreadable {
    skipBlanks();
    while (peek() == '\n') {
      newline();
      skipBlanks();
    }
  }

  /** Takes a newline that ends a line of the script. */
  void newline() throws Unreadable {
    expect("\n");
    if (waiting.isEmpty()) {
      return;
    }
    List<HereDocument> due = waiting;
    waiting = new ArrayList<>();
    for (HereDocument document : due) {
      HereDocumentReader.read(this, document);
    }
  }

  void await(HereDocument document) {
    waiting.add(document);
  }

  /** Starts a nested script: its here-documents are its own. */
  List<HereDocument> openNested() {
    nesting++;
    List<HereDocument> outer = waiting;
    waiting = new ArrayList<>();
    return outer;
  }

  /** Ends a nested script that began at {@code start}. */
  void closeNested(List<HereDocument> outer, int start) throws Unreadable {
    nesting--;
    requireNoneWaiting();
    waiting = outer;
    refuseNewlineSince(start);
  }

  /** A line that ends inside a quote or a substitution would blur where a document begins. */
  void refuseNewlineSince(int start) throws Unreadable {
    for (int i = start; !waiting.isEmpty() && i < at; i++) {
      if (text.charAt(i) == '\n') {
        throw new Unreadable("a here-document before a quote or substitution of several lines");
      }
    }
  }

  void requireNoneWaiting() throws Unreadable {
    if (!waiting.isEmpty()) {
      throw new Unreadable("a here-document without its end");
    }
  }

  /** Whether this place is inside a substitution. */
  boolean nested() {
    return nesting > 0;
  }

  Unreadable unexpected() {
    if (atEnd()) {
      return new Unreadable("the script ends in the middle of a command");
    }
    String seen = text.substring(at, Math.min(text.length(), at + 12)).replace("\n", "\\n");
    return new Unreadable("unexpected \"" + seen + "\" at character " + at);
  }

  static boolean isMeta(char c) {
    return switch (c) {
      case ' ', '\t', '\n', ';', '&', '|', '<', '>', '(', ')' -> true;
      default -> false;
    };
  }

  /**
   * Whether a word ends before a character; {@code <} and {@code >} may also begin a piece of it.
   */
  static boolean endsWord(char c) {
    return isMeta(c) && c != '<' && c != '>';
  }

  static boolean isNameStart(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  static boolean isNamePart(char c) {
    return isNameStart(c) || c >= '0' && c <= '9';
  }

  /** Where the name that begins at {@code from} ends; {@code from} if none does. */
  int nameEnd(int from) {
    int end = from;
    if (end < text.length() && isNameStart(text.charAt(end))) {
      while (end < text.length() && isNamePart(text.charAt(end))) {
        end++;
      }
    }
    return end;
  }
}
