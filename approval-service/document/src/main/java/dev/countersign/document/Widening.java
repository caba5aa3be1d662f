package dev.countersign.document;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which changes of a document might let a call be decided less strictly than before, now or at any
 * later time. Conservative: what is not known to tighten widens.
 *
 * <p>What tightens: a new {@code never}; a longer one; a new or longer {@code ask} that beats no
 * {@code never}; the end of an {@code always}, or an earlier one; a new deny or ask rule; the end
 * of an allow rule.
 */
final class Widening {
  /** Rules of these names are about files and hosts, whichever tool touches them. */
  private static final Set<String> TOUCHED = Set.of("Read", "Edit", "Delete", "WebFetch");

  private final UserDocument after;
  private final boolean unusable;
  private final List<ToolEntry> forbiddenByDefault;

  Widening(UserDocument before, UserDocument after) {
    this.after = after;
    // A document the policy cannot read denies everything: whatever makes it readable widens.
    this.unusable = !readable(before);
    this.forbiddenByDefault =
        ToolCatalogue.inForce().all().stream().filter(Widening::forbiddenByDefault).toList();
  }

  private static boolean readable(UserDocument document) {
    try {
      return DocumentRules.check(document).isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  boolean byRemovingRule(String effect) {
    return unusable || !effect.equals("allow");
  }

  /**
   * A rule that asks, or that may forbid what cannot be read and so asks, settles a call which its
   * tool's default level would have denied.
   */
  boolean byAddingRule(String effect, String rule) {
    return unusable
        || effect.equals("allow")
        || forbiddenByDefault.stream().anyMatch(tool -> mayConcern(rule, tool));
  }

  /** Whether a rule might be about a tool: if in doubt, it might. */
  private static boolean mayConcern(String rule, ToolEntry tool) {
    String name = rule.split("[(\\s]", 2)[0];
    return name.isEmpty()
        || name.indexOf('*') >= 0
        || name.equals(tool.name())
        || name.equals(tool.family())
        || tool.name().startsWith(name + "__")
        || !tool.fields().isEmpty() && TOUCHED.contains(name);
  }

  /**
   * Whether another level or another end widens.
   *
   * @param resource null for the whole tool
   * @param old null if nothing was settled
   * @param now null if nothing is settled any more
   */
  boolean byEntry(String tool, String resource, UserDocument.Entry old, UserDocument.Entry now) {
    return unusable || !known(old) || !known(now) || !tightens(tool, resource, old, now);
  }

  private boolean tightens(
      String tool, String resource, UserDocument.Entry old, UserDocument.Entry now) {
    if (now == null) {
      return level(old) == OverrideLevel.ALWAYS;
    }
    boolean forbade = old != null && level(old) != OverrideLevel.ALWAYS;
    if (forbade && (level(now).compareTo(level(old)) < 0 || end(now).isBefore(end(old)))) {
      return false;
    }
    return switch (level(now)) {
      case NEVER -> true;
      case ASK -> beatsNoNever(tool, resource);
      case ALWAYS -> old != null && !end(now).isAfter(end(old));
    };
  }

  /**
   * Whether an ask nowhere counts instead of a {@code never}: of the whole tool it is the least
   * specific there is; with a star it is no more specific than anything but the whole tool's.
   */
  private boolean beatsNoNever(String tool, String resource) {
    if (forbiddenByDefault(ToolCatalogue.inForce().entry(tool))) {
      return false;
    }
    if (resource == null) {
      return true;
    }
    UserDocument.Tool settled = after.tools().get(tool);
    Stream<String> others =
        resource.indexOf('*') >= 0
            ? Stream.empty()
            : settled.resources().values().stream().map(UserDocument.Entry::level);
    return Stream.concat(Stream.of(String.valueOf(settled.level())), others)
        .noneMatch(OverrideLevel.NEVER.word()::equals);
  }

  private static boolean forbiddenByDefault(ToolEntry entry) {
    return entry.defaultLevel() == OverrideLevel.NEVER;
  }

  /** Whether an entry says nothing beyond what is looked at here. */
  private static boolean known(UserDocument.Entry entry) {
    return entry == null
        || OverrideLevel.of(entry.level()).isPresent()
            && end(entry) != null
            && new UserDocument.Entry(entry.level(), entry.until()).equals(entry);
  }

  private static OverrideLevel level(UserDocument.Entry entry) {
    return OverrideLevel.of(entry.level()).orElseThrow();
  }

  /** When it ends; null if that cannot be read. */
  private static Instant end(UserDocument.Entry entry) {
    try {
      return Expiry.end(entry.until());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
