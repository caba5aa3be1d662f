package dev.countersign.store.document;

import dev.countersign.document.DocumentReader;
import dev.countersign.protocol.UserDocument;

/** One change that somebody wants to make to one user's document. */
public sealed interface Change {
  /** The word for it in the history. */
  String action();

  /**
   * Settle a tool, or one resource of it.
   *
   * @param resource an exact resource or a pattern; null for the whole tool
   * @param keepNarrower with {@code never}: leave narrower {@code always} entries in place
   * @param until RFC 3339 instant after which it no longer counts; null for no end
   */
  record SetOverride(String tool, String resource, String level, boolean keepNarrower, String until)
      implements Change {
    /** Settles without an end. */
    public SetOverride(String tool, String resource, String level, boolean keepNarrower) {
      this(tool, resource, level, keepNarrower, null);
    }

    @Override
    public String action() {
      return "set";
    }
  }

  /** Take back what was settled for a tool, or for one resource of it; nothing else. */
  record ClearOverride(String tool, String resource) implements Change {
    @Override
    public String action() {
      return "clear";
    }
  }

  /** Replace the whole document by one that {@link DocumentReader} has checked. */
  record Write(UserDocument document) implements Change {
    @Override
    public String action() {
      return "write";
    }
  }

  /** Replace a text that stands exactly once in the document by another. */
  record Edit(String oldText, String newText) implements Change {
    @Override
    public String action() {
      return "edit";
    }
  }

  /** Make the document again what it was at an earlier version; the version still goes up. */
  record Restore(long version) implements Change {
    @Override
    public String action() {
      return "restore";
    }
  }

  /** Forget everything the user settled and every text of its history. */
  record Erase() implements Change {
    @Override
    public String action() {
      return "erase";
    }
  }
}
