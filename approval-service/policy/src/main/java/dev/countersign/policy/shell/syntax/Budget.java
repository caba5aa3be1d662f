package dev.countersign.policy.shell.syntax;

/** What reading one source may cost in all: characters looked at and levels of nesting. */
public final class Budget {
  /** Nesting beyond this is refused; it keeps recursion far from the end of the stack. */
  public static final int MAX_DEPTH = 48;

  private long characters;
  private int depth;

  public Budget(long characters) {
    this.characters = characters;
  }

  /** Pays for characters about to be read. */
  public void spend(long count) throws Unreadable {
    characters -= count;
    if (characters < 0) {
      throw new Unreadable("too much text in nested commands");
    }
  }

  /** Goes one level down; every call needs its {@link #leave}. */
  public void enter() throws Unreadable {
    depth++;
    if (depth > MAX_DEPTH) {
      throw new Unreadable("nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  public void leave() {
    depth--;
  }

  /** The level now; give it to {@link #returnTo} after an abandoned read. */
  public int depth() {
    return depth;
  }

  public void returnTo(int level) {
    depth = level;
  }
}
