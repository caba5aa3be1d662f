package dev.countersign.policy.parts;

import java.util.Map;
import java.util.Set;

/** Programs whose first argument says what they do. */
public final class Subcommands {
  /** Program to the subcommands that take another word which says more. */
  private static final Map<String, Set<String>> SUBCOMMANDS =
      Map.ofEntries(
          Map.entry("git", Set.of("stash", "remote", "worktree", "submodule")),
          Map.entry("npm", Set.of("run", "run-script")),
          Map.entry("pnpm", Set.of("run")),
          Map.entry("yarn", Set.of("run", "workspace")),
          Map.entry("bun", Set.of("run")),
          Map.entry("cargo", Set.of()),
          Map.entry("go", Set.of("mod")),
          Map.entry("mvn", Set.of()),
          Map.entry("gradle", Set.of()),
          Map.entry("docker", Set.of("compose", "image", "container")),
          Map.entry("kubectl", Set.of()),
          Map.entry("gh", Set.of("pr", "issue", "repo", "run", "workflow", "release")),
          Map.entry("pip", Set.of()),
          Map.entry("pip3", Set.of()),
          Map.entry("poetry", Set.of()),
          Map.entry("dotnet", Set.of()),
          Map.entry("terraform", Set.of()),
          Map.entry("systemctl", Set.of()),
          Map.entry("apt", Set.of()),
          Map.entry("brew", Set.of()));

  private Subcommands() {}

  /** The subcommands that take another word which says more; null if the program takes none. */
  public static Set<String> of(String program) {
    return SUBCOMMANDS.get(program);
  }
}
