package dev.countersign.embedded.authority;

import java.util.List;

/**
 * A session as the model knows it.
 *
 * @param path the sessions above it, root first
 * @param mode its own
 * @param unstarted whether a person who is no admin closed it before it was started
 */
public record ModelSession(
    String tenant,
    String id,
    String owner,
    String parent,
    List<String> path,
    String mode,
    boolean closed,
    boolean unstarted) {
  public ModelSession {
    path = List.copyOf(path);
  }

  ModelSession set(String newMode) {
    return new ModelSession(tenant, id, owner, parent, path, newMode, closed, unstarted);
  }

  ModelSession end() {
    return new ModelSession(tenant, id, owner, parent, path, mode, true, unstarted);
  }
}
