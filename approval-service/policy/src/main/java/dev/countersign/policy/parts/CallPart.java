package dev.countersign.policy.parts;

import dev.countersign.policy.ToolKind;
import dev.countersign.policy.parts.Touch.HostTouch;
import dev.countersign.policy.parts.Touch.PathTouch;
import dev.countersign.policy.shell.Part.Reach;
import java.util.List;

/**
 * One part of a call: the unit that is decided.
 *
 * @param command null unless it is a command of a shell script
 * @param reach what the command does; null unless it is one
 * @param mentions files that words of a command name; whether and how it touches them is not known
 * @param doubt null if the part is known for certain
 * @param inShell whether the part stands in a shell script
 */
public record CallPart(
    ToolKind kind,
    CommandText command,
    Reach reach,
    List<Touch> touches,
    List<Mention> mentions,
    Doubt doubt,
    boolean inShell,
    boolean background,
    String text) {
  public CallPart {
    touches = List.copyOf(touches);
    mentions = List.copyOf(mentions);
  }

  /** Its text, shortened for a person. */
  public String label() {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }

  /** The files and folders it touches. */
  public List<PathTouch> paths() {
    return touches.stream().filter(PathTouch.class::isInstance).map(PathTouch.class::cast).toList();
  }

  /** The hosts it contacts. */
  public List<HostTouch> hosts() {
    return touches.stream().filter(HostTouch.class::isInstance).map(HostTouch.class::cast).toList();
  }

  /** A redirection: a part of a script that is no command. */
  public boolean redirection() {
    return inShell && command == null;
  }

  /** Whether it is a program whose name or content is in doubt. */
  public boolean is(Doubt.Kind kind) {
    return doubt != null && doubt.kind() == kind;
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
            new Doubt(kind, why),
            inShell,
            background,
            text);
  }
}
