package dev.countersign.policy.rules;

import dev.countersign.policy.parts.CallPart;
import dev.countersign.policy.parts.Mention;
import dev.countersign.policy.parts.NamedHost;
import dev.countersign.policy.parts.Picks;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.paths.PathPattern;
import dev.countersign.policy.paths.Route;
import dev.countersign.policy.paths.Untold;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What stands in the brackets of a rule: which uses of the tool it is about. */
sealed interface Specifier {
  /** Whether a deny or ask about the call's own tool holds for a part. */
  boolean forbids(CallPart part, CallFacts call);

  /** Whether a deny or ask about files holds for one that any tool touches. */
  default boolean forbids(PathTouch touch, CallFacts call) {
    return false;
  }

  /** Whether a deny or ask about hosts holds for one that any tool contacts. */
  default boolean forbids(HostTouch host) {
    return false;
  }

  /** Whether an allow holds for a whole part. */
  boolean allows(CallPart part, CallFacts call);

  /** Whether an allow about files holds for one that any tool touches. */
  default boolean allows(PathTouch touch, CallFacts call) {
    return false;
  }

  /** Whether it is about every use of the tool. */
  default boolean unrestricted() {
    return false;
  }

  /**
   * Nothing: every use of the tool. Denying all reading or writing reaches into commands; denying a
   * tool that fetches does not.
   */
  record Any() implements Specifier {
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      return true;
    }

    @Override
    public boolean forbids(PathTouch touch, CallFacts call) {
      return true;
    }

    /** A redirection is covered only where it stays in the workspace. */
    @Override
    public boolean allows(CallPart part, CallFacts call) {
      if (part.redirection()) {
        return part.paths().stream().allMatch(t -> t.glob().isEmpty() && call.inside(t));
      }
      return part.inShell() || part.touches().stream().allMatch(t -> t.doubt() == null);
    }

    @Override
    public boolean allows(PathTouch touch, CallFacts call) {
      return true;
    }

    @Override
    public boolean unrestricted() {
      return true;
    }
  }

  /** A shell command. */
  record Command(CommandPattern pattern) implements Specifier {
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      return pattern.any() || part.command() != null && pattern.forbids(part.command());
    }

    @Override
    public boolean allows(CallPart part, CallFacts call) {
      return pattern.any()
          ? new Any().allows(part, call)
          : part.command() != null && pattern.allows(part.command());
    }

    @Override
    public boolean unrestricted() {
      return pattern.any();
    }
  }

  /** Files. */
  record Path(PathPattern pattern) implements Specifier {
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      for (PathTouch touch : part.paths()) {
        if (forbids(touch, call)) {
          return true;
        }
      }
      return false;
    }

    @Override
    public boolean forbids(PathTouch touch, CallFacts call) {
      for (Route route : touch.routes()) {
        if (pattern.forbids(route, call.places())) {
          return true;
        }
      }
      String name = touch.nameSomewhere();
      return name != null && pattern.onlyName() && name.equals(pattern.fileName());
    }

    @Override
    public boolean allows(CallPart part, CallFacts call) {
      return !part.paths().isEmpty() && part.paths().stream().allMatch(t -> allows(t, call));
    }

    @Override
    public boolean allows(PathTouch touch, CallFacts call) {
      return touch.doubt() == null
          && !touch.places().isEmpty()
          && touch.places().stream().allMatch(path -> pattern.allows(path, call.places()));
    }

    /** Whether some of the files a touch stands for might be meant. */
    boolean mayForbid(PathTouch touch, CallFacts call) {
      boolean read = touch.content() && (touch.hidden() || !pattern.hidden());
      return !touch.glob().isEmpty()
          && (pattern.anchored() || read)
          && !pattern.leftOut().by(touch.excluded())
          && pattern.mayForbid(touch.foldedGlob(), call.places());
    }

    /** The same of files that a word of a command names, perhaps by a glob the program reads. */
    boolean mayForbid(Mention mention, CallFacts call) {
      List<String> files = mention.file().foldedGlob();
      return mayForbid(mention.file(), call)
          && (mention.spelledOut() || files.isEmpty() || pattern.mayMean(files, call.places()));
    }

    /** Whether a touch picks out what the pattern is about, by a glob or as a folder it changes. */
    boolean picks(PathTouch touch, CallFacts call) {
      return Picks.some(touch, pattern, call.places()) && !pattern.leftOut().by(touch.excluded());
    }

    /** Whether it might be meant, if what nobody told of where it lies were known. */
    boolean couldMean(PathTouch touch, CallFacts call, boolean named) {
      boolean read = touch.content() && (touch.hidden() || !pattern.hidden());
      if (!touch.glob().isEmpty() && !pattern.anchored() && !read) {
        return false;
      }
      Untold untold = pattern.untold(call.places());
      return touch.lost()
          ? untold.couldMean(touch.known(), touch.routes(), named)
          : touch.routes().stream().anyMatch(untold::couldMean);
    }
  }

  /** A class of folders. */
  record Folder(PathClass kind) implements Specifier {
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      return part.paths().stream().anyMatch(t -> forbids(t, call));
    }

    @Override
    public boolean forbids(PathTouch touch, CallFacts call) {
      return kind.holds(touch, call.places());
    }

    @Override
    public boolean allows(CallPart part, CallFacts call) {
      return false;
    }
  }

  /** A host. */
  record Domain(DomainPattern pattern) implements Specifier {
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      return part.hosts().stream().anyMatch(this::forbids);
    }

    @Override
    public boolean forbids(HostTouch host) {
      return pattern.forbids(host.host());
    }

    /** A bare name is taken for a host only where the rule names that very host. */
    boolean mayForbid(NamedHost named) {
      return (named.address() || pattern.name() != null) && forbids(named.host());
    }

    @Override
    public boolean allows(CallPart part, CallFacts call) {
      return !part.hosts().isEmpty()
          && part.hosts().stream().allMatch(h -> h.doubt() == null && pattern.matches(h.host()));
    }
  }

  /** The value of an input field. */
  record Parameter(String name, TextGlob value) implements Specifier {
    /** Case does not count for a deny. */
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      String text = text(call);
      return text != null
          && (value.matches(text)
              || value.ignoringCase().matches(text.strip().toLowerCase(Locale.ROOT)));
    }

    @Override
    public boolean allows(CallPart part, CallFacts call) {
      String text = text(call);
      return text != null && value.matches(text);
    }

    private String text(CallFacts call) {
      Object given = call.input().get(name);
      return given == null || given instanceof Map || given instanceof List
          ? null
          : String.valueOf(given);
    }
  }

  /** The name an agent tool is called with, or any text an unknown tool is called with. */
  record Name(TextGlob value) implements Specifier {
    @Override
    public boolean forbids(CallPart part, CallFacts call) {
      return call.agentName() != null
          ? value.matches(call.agentName())
          : call.input().values().stream().anyMatch(v -> v instanceof String s && value.matches(s));
    }

    @Override
    public boolean allows(CallPart part, CallFacts call) {
      return call.agentName() != null && value.matches(call.agentName());
    }
  }
}
