package dev.countersign.policy.shell.syntax;

/** A here-document: announced by its redirection, its body follows after the line. */
public final class HereDocument {
  final String delimiter;
  final boolean quoted;
  final boolean stripTabs;
  private RawWord body = RawWord.literal("");

  HereDocument(String delimiter, boolean quoted, boolean stripTabs) {
    this.delimiter = delimiter;
    this.quoted = quoted;
    this.stripTabs = stripTabs;
  }

  void body(RawWord word) {
    body = word;
  }

  /** The text the command reads. */
  public RawWord body() {
    return body;
  }
}
