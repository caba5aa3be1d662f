package dev.countersign.policy.rules;

import dev.countersign.policy.Rule;
import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Doubt;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.PathUse.Use;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A rule ready to be compared.
 *
 * @param strict a deny that also stops programs nobody can read
 * @param nonBypassable an ask that holds in every mode
 * @param shipped whether it came with Countersign
 */
public record CompiledRule(
    Rule rule,
    ToolPattern tool,
    Specifier specifier,
    boolean strict,
    boolean nonBypassable,
    boolean shipped) {

  /** The rule as people read it: text and scope. */
  public String shown() {
    return rule.text() + " [" + rule.scope().word() + "]";
  }

  /** Whether a deny of this rule is about the tool of this call. */
  public boolean about(CallFacts call) {
    return tool.matches(call.tool(), call.family());
  }

  /** Whether it covers every use of the tool. */
  boolean unrestricted() {
    return specifier instanceof Specifier.Any
        || specifier instanceof Specifier.Command c && c.pattern().any();
  }

  /** Whether a deny or ask of this rule holds for a part. */
  public boolean forbids(CallPart part, CallFacts call) {
    if (about(call)) {
      return switch (specifier) {
        case Specifier.Any any -> true;
        case Specifier.Command c ->
            c.pattern().any() || part.command() != null && c.pattern().forbids(part.command());
        case Specifier.Path p -> part.paths().stream().anyMatch(t -> forbids(p, t, call));
        case Specifier.Folder f -> part.paths().stream().anyMatch(t -> f.kind().holds(t, call.places()));
        case Specifier.Domain d -> part.hosts().stream().anyMatch(h -> d.pattern().matches(h.host()));
        case Specifier.Parameter p -> parameter(p, call, true);
        case Specifier.Name n -> name(n, call);
      };
    }
    return part.paths().stream().anyMatch(t -> reaches(t) && forbidsPath(t, call))
        || tool.text().equals("WebFetch") && part.hosts().stream().anyMatch(this::forbidsHost);
  }

  private boolean forbidsPath(PathTouch touch, CallFacts call) {
    return switch (specifier) {
      case Specifier.Any any -> true;
      case Specifier.Path p -> forbids(p, touch, call);
      case Specifier.Folder f -> f.kind().holds(touch, call.places());
      case Specifier.Command c -> false;
      case Specifier.Domain d -> false;
      case Specifier.Parameter p -> false;
      case Specifier.Name n -> false;
    };
  }

  private boolean forbidsHost(HostTouch host) {
    return specifier instanceof Specifier.Any
        || specifier instanceof Specifier.Domain d && d.pattern().matches(host.host());
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

  private static boolean forbids(Specifier.Path p, PathTouch touch, CallFacts call) {
    if (touch.places().stream().anyMatch(path -> p.pattern().forbids(path, call.places()))) {
      return true;
    }
    // The folder is unknown, but the file's name is not.
    int size = touch.glob().size();
    return touch.places().isEmpty()
        && size > 1
        && !p.pattern().anchored()
        && touch.glob().get(size - 1).toLowerCase(Locale.ROOT).equals(p.pattern().fileName());
  }

  /** Whether a deny of this rule might hold: the part reaches files that are not all known. */
  public boolean mayForbid(CallPart part, CallFacts call) {
    if (!(specifier instanceof Specifier.Path p)) {
      return false;
    }
    return part.paths().stream()
        .filter(t -> !t.glob().isEmpty() && (about(call) || reaches(t)))
        .filter(t -> t.content() || p.pattern().anchored())
        .anyMatch(t -> p.pattern().mayForbid(t.glob(), call.places()));
  }

  /** Whether an allow of this rule holds for a whole part. */
  public boolean allows(CallPart part, CallFacts call) {
    if (!about(call) || part.is(Doubt.Kind.UNCLEAR) || part.is(Doubt.Kind.MALFORMED)) {
      return false;
    }
    boolean exact = specifier instanceof Specifier.Command c && c.pattern().exact();
    if (part.is(Doubt.Kind.COMPUTED) && !exact || part.command() != null && !part.command().allowable()) {
      return false;
    }
    return switch (specifier) {
      case Specifier.Any any -> unrestricted(part, call);
      case Specifier.Command c -> c.pattern().any() ? unrestricted(part, call) : part.command() != null && c.pattern().allows(part.command());
      case Specifier.Path p -> !part.paths().isEmpty() && part.paths().stream().allMatch(t -> allows(t, call));
      case Specifier.Domain d -> !part.hosts().isEmpty() && part.hosts().stream().allMatch(h -> h.doubt() == null && d.pattern().matches(h.host()));
      case Specifier.Parameter p -> parameter(p, call, false);
      case Specifier.Name n -> call.agentName() != null && n.value().matches(call.agentName());
      case Specifier.Folder f -> false;
    };
  }

  /** A tool rule covers a redirection only where it stays in the workspace. */
  private static boolean unrestricted(CallPart part, CallFacts call) {
    return part.redirection()
        ? part.paths().stream().allMatch(t -> t.doubt() == null && t.glob().isEmpty() && call.inside(t))
        : part.inShell() || part.touches().stream().allMatch(t -> t.doubt() == null);
  }

  /** Whether an allow of this rule holds for one file or folder, whichever tool touches it. */
  public boolean allows(PathTouch touch, CallFacts call) {
    boolean meant = about(call) || reaches(touch);
    return meant
        && touch.doubt() == null
        && !touch.places().isEmpty()
        && (specifier instanceof Specifier.Any
            || specifier instanceof Specifier.Path p
                && touch.places().stream().allMatch(path -> p.pattern().allows(path, call.places())));
  }

  private static boolean parameter(Specifier.Parameter p, CallFacts call, boolean wide) {
    Object value = call.input().get(p.name());
    if (value == null || value instanceof Map || value instanceof List) {
      return false;
    }
    String text = String.valueOf(value);
    return p.value().matches(text)
        || wide && p.value().ignoringCase().matches(text.strip().toLowerCase(Locale.ROOT));
  }

  private static boolean name(Specifier.Name n, CallFacts call) {
    if (call.agentName() != null) {
      return n.value().matches(call.agentName());
    }
    return call.input().values().stream()
        .anyMatch(v -> v instanceof String s && n.value().matches(s));
  }
}
