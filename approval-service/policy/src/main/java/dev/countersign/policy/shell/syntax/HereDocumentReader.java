package dev.countersign.policy.shell.syntax;

/** Reads the bodies of here-documents. */
final class HereDocumentReader {
  private HereDocumentReader() {}

  /** Reads the body that begins here, up to and with its delimiter's line. */
  static void read(Cursor c, HereDocument document) throws Unreadable {
    StringBuilder body = new StringBuilder();
    boolean joined = false;
    while (!c.atEnd()) {
      int end = c.text.indexOf('\n', c.at);
      end = end < 0 ? c.text.length() : end;
      String line = c.text.substring(c.at, end);
      c.at = Math.min(end + 1, c.text.length());
      String bare = document.stripTabs ? line.replaceFirst("^\t+", "") : line;
      if (bare.equals(document.delimiter)) {
        if (joined) {
          throw new Unreadable("a here-document's end right after a line continuation");
        }
        finish(c, document, body.toString());
        return;
      }
      if (endsSubstitution(bare, document.delimiter)) {
        throw new Unreadable("a here-document's end with something after it");
      }
      body.append(joined ? line : bare).append('\n');
      joined = !document.quoted && endsInContinuation(line);
    }
    throw new Unreadable("a here-document without its end \"" + document.delimiter + "\"");
  }

  private static boolean endsSubstitution(String line, String delimiter) {
    return line.startsWith(delimiter)
        && line.substring(delimiter.length()).stripLeading().startsWith(")");
  }

  private static boolean endsInContinuation(String line) {
    int slashes = 0;
    while (slashes < line.length() && line.charAt(line.length() - 1 - slashes) == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }

  private static void finish(Cursor c, HereDocument document, String body) throws Unreadable {
    if (document.quoted) {
      document.body(RawWord.literal(body));
    } else {
      c.budget.enter();
      document.body(new Parser().words().document(body, c.budget, c.posix));
      c.budget.leave();
    }
  }
}
