package dev.countersign.store.users;

import java.util.Set;

/** Which version of the document a writer has seen: {@code If-Match}. */
public sealed interface Expected {
  /** Any version will do. */
  Expected ANY = new Any();

  /** Whether a present version is an expected one. */
  boolean accepts(long version);

  /** Any version will do. */
  record Any() implements Expected {
    @Override
    public boolean accepts(long version) {
      return true;
    }
  }

  /** Only these versions will do. */
  record OneOf(Set<Long> versions) implements Expected {
    public OneOf {
      versions = Set.copyOf(versions);
    }

    @Override
    public boolean accepts(long version) {
      return versions.contains(version);
    }
  }
}
