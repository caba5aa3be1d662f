package dev.countersign.policy.parts;

import dev.countersign.policy.ToolKind;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part.Reach;
import java.util.ArrayList;
import java.util.List;

/** One part of a call: the unit that is decided. What rules look at again and again is kept. */
public final class CallPart {
  /** So many characters of a command, or so many files, cost as much as a comparison. */
  private static final int CHARACTERS = 512;

  private static final int FILES = 4;

  private final ToolKind kind;
  private final CommandText command;
  private final Reach reach;
  private final List<Touch> touches;
  private final List<PathTouch> paths;
  private final List<HostTouch> hosts;
  private final List<Mention> mentions;
  private final List<NamedHost> namedHosts;
  private final Doubt doubt;
  private final boolean inShell;
  private final boolean background;
  private final String text;
  private Clues clues;
  private Grams grams;
  private int weight;

  /**
   * A part.
   *
   * @param command null unless it is a command of a shell script
   * @param reach what the command does; null unless it is one
   * @param mentions files that words of a command name; whether and how it touches them is not
   *     known
   * @param namedHosts hosts that words of a command name; whether it contacts them is not known
   * @param doubt null if the part is known for certain
   * @param inShell whether the part stands in a shell script
   */
  public CallPart(
      ToolKind kind,
      CommandText command,
      Reach reach,
      List<Touch> touches,
      List<Mention> mentions,
      List<NamedHost> namedHosts,
      Doubt doubt,
      boolean inShell,
      boolean background,
      String text) {
    this.kind = kind;
    this.command = command;
    this.reach = reach;
    this.touches = List.copyOf(touches);
    this.paths = only(touches, PathTouch.class);
    this.hosts = only(touches, HostTouch.class);
    this.mentions = List.copyOf(mentions);
    this.namedHosts = List.copyOf(namedHosts);
    this.doubt = doubt;
    this.inShell = inShell;
    this.background = background;
    this.text = text;
  }

  private static <T> List<T> only(List<Touch> touches, Class<T> kind) {
    List<T> found = new ArrayList<>(touches.size());
    for (Touch touch : touches) {
      if (kind.isInstance(touch)) {
        found.add(kind.cast(touch));
      }
    }
    return List.copyOf(found);
  }

  public ToolKind kind() {
    return kind;
  }

  public CommandText command() {
    return command;
  }

  public Reach reach() {
    return reach;
  }

  public List<Touch> touches() {
    return touches;
  }

  public List<Mention> mentions() {
    return mentions;
  }

  public List<NamedHost> namedHosts() {
    return namedHosts;
  }

  public Doubt doubt() {
    return doubt;
  }

  public boolean inShell() {
    return inShell;
  }

  public boolean background() {
    return background;
  }

  public String text() {
    return text;
  }

  /** Its text, shortened for a person. */
  public String label() {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  /** The files and folders it touches. */
  public List<PathTouch> paths() {
    return paths;
  }

  /** The hosts it contacts. */
  public List<HostTouch> hosts() {
    return hosts;
  }

  /** What an index finds rules about it by. */
  public Clues clues() {
    if (clues == null) {
      clues = Clues.of(this);
    }
    return clues;
  }

  /** What an index finds rules about the inside of its command by. */
  public Grams grams() {
    if (grams == null) {
      grams = Grams.of(command);
    }
    return grams;
  }

  /** What comparing a rule with it costs: more if it touches, names or says much. */
  public int weight() {
    if (weight == 0) {
      int characters = command == null ? 0 : command.length();
      weight = 1 + (paths.size() + mentions.size()) / FILES + characters / CHARACTERS;
    }
    return weight;
  }

  /** A redirection: a part of a script that is no command. */
  public boolean redirection() {
    return inShell && command == null;
  }

  /** Whether it is a program whose name or content is in doubt. */
  public boolean is(Doubt.Kind kind) {
    return doubt != null && doubt.kind() == kind;
  }

  /** The same part, its searches leaving these globs alone. */
  public CallPart without(List<String> globs) {
    List<Touch> fewer = new ArrayList<>(touches.size());
    for (Touch touch : touches) {
      fewer.add(touch instanceof PathTouch path ? path.without(globs) : touch);
    }
    return new CallPart(
        kind, command, reach, fewer, mentions, namedHosts, doubt, inShell, background, text);
  }

  /** The same part with a doubt, unless it has one already. */
  public CallPart doubting(Doubt.Kind kind, String why) {
    return doubt != null
        ? this
        : new CallPart(
            this.kind,
            command,
            reach,
            touches,
            mentions,
            namedHosts,
            new Doubt(kind, why),
            inShell,
            background,
            text);
  }

  @Override
  public String toString() {
    return label() + " " + touches + " " + mentions;
  }
}
