package dev.countersign.policy.rules;

import dev.countersign.policy.Rule;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Mention;
import dev.countersign.policy.parts.NamedHost;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.shell.PathUse.Use;
import java.util.List;
import java.util.Set;

/**
 * A rule ready to be compared.
 *
 * @param strict a deny that also stops programs nobody can read
 * @param nonBypassable an ask that holds in every mode
 * @param diagnostic an allow that also counts in plan mode, for what is not proven to only read
 * @param unasked a deny only of what no person is asked about: where one can be, it asks
 * @param shipped whether it came with Countersign
 */
public record CompiledRule(
    Rule rule,
    ToolPattern tool,
    Specifier specifier,
    boolean strict,
    boolean nonBypassable,
    boolean diagnostic,
    boolean unasked,
    boolean shipped) {
  private static final Set<String> FILES = Set.of("Read", "Edit", "Delete");

  /** The rule as written. */
  public String text() {
    return rule.text();
  }

  /** The rule as people read it: text and scope. */
  public String shown() {
    return rule.text() + " [" + rule.scope().word() + "]";
  }

  /** Whether the rule is about the tool of this call. */
  public boolean about(CallFacts call) {
    return tool.matches(call.tool(), call.family());
  }

  /** Whether a deny or ask of this rule holds for a part. */
  public boolean forbids(CallPart part, CallFacts call) {
    if (about(call) && specifier.forbids(part, call)) {
      return true;
    }
    for (PathTouch touch : part.paths()) {
      if (reaches(touch) && specifier.forbids(touch, call)) {
        return true;
      }
    }
    boolean anyhow =
        shipped && tool.text().equals("Read") || unasked && part.reach() == Reach.OTHER;
    return anyhow && mentioned(part, call)
        || tool.text().equals("Delete") && removed(part, call)
        || tool.text().equals("WebFetch") && part.hosts().stream().anyMatch(specifier::forbids);
  }

  /** Whether a rule of this name is about such a touch, whichever tool makes it. */
  private boolean reaches(PathTouch touch) {
    return switch (tool.text()) {
      case "Read" -> touch.use() == Use.READ;
      case "Edit" -> touch.writes();
      case "Delete" -> touch.use() == Use.DELETE;
      default -> false;
    };
  }

  /** Whether a deny of this rule might hold: not all that the part reaches or runs is known. */
  public boolean mayForbid(CallPart part, CallFacts call) {
    if (specifier instanceof Specifier.Command command) {
      return about(call) && part.command() != null && command.pattern().mayForbid(part.command());
    }
    if (specifier instanceof Specifier.Domain domain) {
      for (NamedHost named : part.namedHosts()) {
        if (domain.mayForbid(named)) {
          return true;
        }
      }
      return false;
    }
    if (!(specifier instanceof Specifier.Path path)) {
      return false;
    }
    for (PathTouch touch : part.paths()) {
      if ((about(call) || reaches(touch)) && path.mayForbid(touch, call)) {
        return true;
      }
    }
    return FILES.contains(tool.text()) && mentioned(part, call);
  }

  /**
   * Whether a deny of this rule could hold for files of which nobody told where they lie. A rule
   * that ships must share a name with them.
   */
  public boolean couldMean(CallPart part, CallFacts call) {
    if (!(specifier instanceof Specifier.Path path)) {
      return false;
    }
    for (PathTouch touch : part.paths()) {
      if ((about(call) || reaches(touch)) && path.couldMean(touch, call, shipped)) {
        return true;
      }
    }
    boolean words = FILES.contains(tool.text()) && meets(part);
    for (Mention mention : words ? part.mentions() : List.<Mention>of()) {
      if (mention.plain() && path.couldMean(mention.file(), call, true)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a command names such a file, as far as it can be told. */
  private boolean mentioned(CallPart part, CallFacts call) {
    if (!(specifier instanceof Specifier.Path path) || !meets(part)) {
      return false;
    }
    for (Mention mention : part.mentions()) {
      PathTouch file = mention.file();
      if (path.forbids(file, call) || !shipped && path.mayForbid(mention, call)) {
        return true;
      }
    }
    return false;
  }

  /** A glob that leaves alone what the rule is about; null if there is none. */
  public String exclusion() {
    return specifier instanceof Specifier.Path path ? path.pattern().leftOut().exclusion() : null;
  }

  /**
   * Whether a part touches a file that may be the one a deny is about: by a word that names it or
   * may stand for it, or by a folder that it reads with all below.
   */
  public boolean touches(CallPart part, CallFacts call) {
    if (names(part, call)) {
      return true;
    }
    if (!FILES.contains(tool.text()) || !(specifier instanceof Specifier.Path path)) {
      return false;
    }
    for (PathTouch touch : part.paths()) {
      if (!touch.lost() && reaches(touch) && path.mayForbid(touch, call)) {
        return true;
      }
    }
    return meets(part)
        && part.mentions().stream().anyMatch(m -> m.plain() && path.mayForbid(m, call));
  }

  /**
   * Whether a part picks out a file that the rule is about, though it does not name it: a rule that
   * ships is about files anywhere, which most stars might stand for.
   */
  public boolean picksOut(CallPart part, CallFacts call) {
    if (!FILES.contains(tool.text()) || !(specifier instanceof Specifier.Path path)) {
      return false;
    }
    if (part.command() != null && part.command().program().equals("mkdir")) {
      return false;
    }
    for (PathTouch touch : part.paths()) {
      if (reaches(touch) && path.picks(touch, call)) {
        return true;
      }
    }
    return (unasked && part.reach() == Reach.OTHER || tool.text().equals("Read"))
        && meets(part)
        && part.mentions().stream().anyMatch(m -> m.plain() && path.picks(m.file(), call));
  }

  /** Whether the words of a command literally name a file or host that a deny of it is about. */
  private boolean names(CallPart part, CallFacts call) {
    if (specifier instanceof Specifier.Domain domain) {
      return !part.is(Doubt.Kind.OPAQUE)
          && part.namedHosts().stream().anyMatch(h -> h.address() && domain.forbids(h.host()));
    }
    return FILES.contains(tool.text())
        && specifier instanceof Specifier.Path path
        && meets(part)
        && part.mentions().stream().anyMatch(m -> m.plain() && path.forbids(m.file(), call));
  }

  /** What only reads concerns no rule about changes. */
  private boolean meets(CallPart part) {
    return tool.text().equals("Read")
        || part.reach() != Reach.READ && !(part.command() != null && part.command().commits());
  }

  /** Whether a command takes away what the rule is about, without deleting it itself. */
  private boolean removed(CallPart part, CallFacts call) {
    for (Mention mention : part.mentions()) {
      if (mention.removes() && specifier.forbids(mention.file(), call)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an allow of this rule holds for a whole part. */
  public boolean allows(CallPart part, CallFacts call) {
    if (!about(call) || part.doubt() != null && part.doubt().blocksRules()) {
      return false;
    }
    boolean exact = specifier instanceof Specifier.Command c && c.pattern().exact();
    if (part.is(Doubt.Kind.COMPUTED) && !exact) {
      return false;
    }
    if (part.command() != null) {
      boolean narrow = !exact && !specifier.unrestricted();
      if (!part.command().allowable() || part.command().exactOnly() && narrow) {
        return false;
      }
    }
    return specifier.allows(part, call);
  }

  /** Whether an allow of this rule holds for one file or folder, whichever tool touches it. */
  public boolean allows(PathTouch touch, CallFacts call) {
    return (reaches(touch) || specifier instanceof Specifier.Path && about(call))
        && touch.doubt() == null
        && specifier.allows(touch, call);
  }
}
