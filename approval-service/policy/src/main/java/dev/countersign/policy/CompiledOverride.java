package dev.countersign.policy;

import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.rules.CommandPattern;
import dev.countersign.policy.rules.DomainPattern;

/**
 * An override; its resource is read when a part is first compared with it, and then no more. Two
 * threads may both be the first.
 */
final class CompiledOverride {
  private final UserOverride override;
  private volatile CommandPattern command;
  private volatile CommandPattern wide;
  private volatile PathPattern path;
  private volatile DomainPattern host;

  CompiledOverride(UserOverride override) {
    this.override = override;
  }

  UserOverride override() {
    return override;
  }

  String resource() {
    return override.resource();
  }

  /** Whether the resource has a star. */
  boolean isPattern() {
    return resource() != null && resource().indexOf('*') >= 0;
  }

  /** The resource as a command. */
  CommandPattern command() {
    CommandPattern read = command;
    if (read == null) {
      read = CommandPattern.of(resource());
      command = read;
    }
    return read;
  }

  /** The same with any further arguments. */
  CommandPattern wide() {
    CommandPattern read = wide;
    if (read == null) {
      read = isPattern() ? command() : CommandPattern.of(resource() + " *");
      wide = read;
    }
    return read;
  }

  /** The resource as paths, which begin at the root where it begins with a slash. */
  PathPattern path() {
    PathPattern read = path;
    if (read == null) {
      read = PathPattern.of(resource().startsWith("/") ? "/" + resource() : resource());
      path = read;
    }
    return read;
  }

  /** The resource as hosts. */
  DomainPattern host() {
    DomainPattern read = host;
    if (read == null) {
      String name = resource().startsWith("domain:") ? resource().substring(7) : resource();
      read = DomainPattern.of(name);
      host = read;
    }
    return read;
  }
}
