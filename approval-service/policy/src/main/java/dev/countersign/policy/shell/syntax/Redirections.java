package dev.countersign.policy.shell.syntax;

/** Reads redirections. */
final class Redirections {
  private static final String[] OPERATORS = {
    "&>>", "<<<", "<<-", "&>", "<<", ">>", "<&", ">&", "<>", ">|", "<", ">"
  };

  private Redirections() {}

  /** Whether a redirection begins here. */
  static boolean begins(Cursor c) {
    int at = afterDescriptor(c);
    if (at >= c.text.length()) {
      return false;
    }
    char ch = c.text.charAt(at);
    char next = at + 1 < c.text.length() ? c.text.charAt(at + 1) : Cursor.END;
    if (ch == '&') {
      return at == c.at && next == '>';
    }
    return (ch == '<' || ch == '>') && (next != '(' || at > c.at);
  }

  private static int afterDescriptor(Cursor c) {
    int at = c.at;
    if (c.peek() == '{') {
      int end = c.nameEnd(at + 1);
      boolean named = end > at + 1 && end < c.text.length() && c.text.charAt(end) == '}';
      return named ? end + 1 : at;
    }
    while (at < c.text.length() && c.text.charAt(at) >= '0' && c.text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  /** Reads the redirection that begins here. */
  static Node.Redirection read(Cursor c, WordReader words) throws Unreadable {
    c.at = afterDescriptor(c);
    String operator = null;
    for (String candidate : OPERATORS) {
      if (c.take(candidate)) {
        operator = candidate;
        break;
      }
    }
    Parser.refuseBrokenOperator(c);
    c.skipBlanks();
    if (operator == null || !WordReader.startsWord(c)) {
      throw c.unexpected();
    }
    if (operator.equals("<<") || operator.equals("<<-")) {
      return document(c, words, operator);
    }
    if (c.peek() == '!') {
      // To another shell this is >| by another name.
      throw c.unexpected();
    }
    int start = c.at;
    RawWord target = words.word(c);
    boolean descriptor = c.peek() == '<' || c.peek() == '>';
    if (descriptor
        && c.text.substring(start, c.at).matches("[0-9]+|\\{[A-Za-z_][A-Za-z0-9_]*\\}")) {
      throw c.unexpected();
    }
    return new Node.Redirection(operator, target, null);
  }

  private static Node.Redirection document(Cursor c, WordReader words, String operator)
      throws Unreadable {
    int start = c.at;
    RawWord delimiter = words.word(c);
    for (int i = start; i < c.at; i++) {
      if ("$`\n".indexOf(c.text.charAt(i)) >= 0) {
        throw new Unreadable("a here-document whose end is not a plain word");
      }
    }
    if (delimiter.expanded()) {
      throw new Unreadable("a here-document whose end is not a plain word");
    }
    HereDocument document =
        new HereDocument(delimiter.text(), delimiter.quoted(), operator.equals("<<-"));
    c.await(document);
    return new Node.Redirection(operator, delimiter, document);
  }
}
