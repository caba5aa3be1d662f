package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.ToolKind;
import dev.countersign.policy.paths.Oddities;
import dev.countersign.policy.shell.Part;
import dev.countersign.policy.shell.Part.Reach;
import dev.countersign.policy.shell.PathUse;
import dev.countersign.policy.shell.Script;
import dev.countersign.policy.shell.ShellReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The parts of a shell script. */
final class ShellParts {
  /** Beyond it a person cannot be expected to have read the command. */
  private static final int LONGEST = 10_000;

  private static final Set<String> SINKS =
      Set.of("/dev/null", "/dev/stdout", "/dev/stderr", "/dev/stdin", "/dev/tty", "/dev/zero");

  /** A script that names the variable without reading it may change where {@code ~} leads. */
  private static final Pattern HOME = Pattern.compile("(?<![$\\w{!#/.-])HOME(?![\\w/.-])");

  /** Longer programs are not searched for names. */
  private static final int SEARCHED = 100_000;

  /** What stands between names in a program of any language. */
  private static final Pattern BETWEEN = Pattern.compile("[\\s\"'`\\\\()\\[\\]{},;<>|&=@:]+");

  private final PathReader paths;
  private final Script script;
  private final String source;
  private final boolean background;
  private final Part firstOpaque;

  private ShellParts(ToolCall call, String source, boolean background) {
    this.script = ShellReader.read(source);
    this.paths =
        new PathReader(
            HOME.matcher(source).find() ? call.homeless() : call,
            HiddenNames.inGlobs(source, script));
    this.source = source;
    this.background = background;
    this.firstOpaque =
        script.parts().stream().filter(Part.Opaque.class::isInstance).findFirst().orElse(null);
  }

  static List<CallPart> of(ToolCall call, String source, boolean background) {
    return new ShellParts(call, source, background).all();
  }

  private List<CallPart> all() {
    Set<Part> distinct = new LinkedHashSet<>();
    int all = 0;
    for (Part part : script.parts()) {
      if (!(part instanceof Part.Redirect redirect && sink(redirect.path()))) {
        distinct.add(part);
        all++;
      }
    }
    List<Part> parts = List.copyOf(distinct);
    List<CallPart> others = parts.isEmpty() || !script.readable() ? List.of(whole()) : List.of();
    String odd = odd();
    Function<CallPart, CallPart> sure =
        part -> odd == null ? part : part.doubting(Doubt.Kind.UNCLEAR, odd);
    PartsInTurn read =
        new PartsInTurn(
            parts,
            part -> sure.apply(one(part)),
            others.stream().map(sure).toList(),
            all + others.size());
    return read.all() > CallParts.MOST_ALLOWED ? read : List.copyOf(read);
  }

  /** What stands for the whole script where nothing else does. */
  private CallPart whole() {
    if (script.readable()) {
      CommandText nothing = CommandText.of(List.of(), source);
      return shell(nothing, Reach.READ, List.of(), background, source);
    }
    return shell(CommandText.unread(source), Reach.OTHER, List.of(), background, source)
        .doubting(Doubt.Kind.UNREADABLE, "the command could not be read: " + script.problem());
  }

  /** What about the whole script makes every part unclear; null if nothing does. */
  private String odd() {
    String hidden = Oddities.hidden(source);
    if (hidden != null) {
      return "the command holds " + hidden;
    }
    return source.length() > LONGEST
        ? "the command is longer than " + LONGEST + " characters"
        : null;
  }

  private static boolean sink(PathUse use) {
    return SINKS.contains(use.path().text());
  }

  private CallPart one(Part part) {
    boolean behind = background || part.background();
    if (part instanceof Part.Command command) {
      return command(command, behind);
    }
    if (part instanceof Part.Redirect redirect) {
      return redirect(redirect, behind);
    }
    if (part instanceof Part.Computed computed) {
      return computed(computed, behind);
    }
    Part.Opaque opaque = (Part.Opaque) part;
    return opaque(opaque, behind);
  }

  /**
   * A program in another language may open whatever file and host the script names anywhere. The
   * first one stands for all: the strictest part decides, and names for each would be too many.
   */
  private CallPart opaque(Part.Opaque opaque, boolean behind) {
    boolean names = opaque == firstOpaque && source.length() <= SEARCHED;
    return new CallPart(
        ToolKind.EXECUTE,
        CommandText.of(opaque.words(), opaque.text()),
        Reach.OTHER,
        List.of(),
        names ? named(paths, source) : List.of(),
        names ? NamedHost.in(source) : List.of(),
        new Doubt(Doubt.Kind.OPAQUE, opaque.why()),
        true,
        behind,
        opaque.text().strip());
  }

  /** The files that a text of many words may name. */
  static List<Mention> named(PathReader paths, String text) {
    return BETWEEN
        .splitAsStream(text)
        .filter(name -> !name.isEmpty())
        .distinct()
        .map(name -> new Mention(paths.literal(name, PathUse.Use.READ), false))
        .toList();
  }

  /** What it names, it may open, whatever program it turns out to be. */
  private CallPart computed(Part.Computed computed, boolean behind) {
    boolean named = !computed.words().isEmpty();
    return new CallPart(
        ToolKind.EXECUTE,
        CommandText.of(computed.words(), computed.text()),
        Reach.OTHER,
        named ? touches(computed.asCommand()) : List.of(),
        named ? Mentions.of(paths, computed.asCommand()).files() : List.of(),
        List.of(),
        new Doubt(Doubt.Kind.COMPUTED, computed.why()),
        true,
        behind,
        computed.text().strip());
  }

  private List<Touch> touches(Part.Command command) {
    List<Touch> touches = new ArrayList<>();
    FolderWalks walks = new FolderWalks(command);
    for (PathUse use : command.paths()) {
      if (!sink(use)) {
        touches.addAll(walks.of(use, paths.inScript(use.path(), use.use())));
      }
    }
    return touches;
  }

  private CallPart command(Part.Command command, boolean behind) {
    List<Touch> touches = touches(command);
    command.hosts().forEach(host -> touches.add(Hosts.of(host)));
    CommandText text = CommandText.of(command);
    Mentions mentions = Mentions.of(paths, command);
    CallPart part =
        new CallPart(
            ToolKind.EXECUTE,
            text,
            command.reach(),
            touches,
            mentions.files(),
            mentions.hosts(),
            null,
            true,
            behind,
            command.text().strip());
    return Oddities.ascii(command.words().get(0).text())
        ? part
        : part.doubting(Doubt.Kind.UNCLEAR, "the program's name holds look-alike letters");
  }

  private CallPart redirect(Part.Redirect redirect, boolean behind) {
    ToolKind kind = redirect.path().use() == PathUse.Use.READ ? ToolKind.READ : ToolKind.EDIT;
    Touch touch = paths.inScript(redirect.path().path(), redirect.path().use());
    return new CallPart(
        kind,
        null,
        null,
        List.of(touch),
        List.of(),
        List.of(),
        null,
        true,
        behind,
        redirect.text());
  }

  private static CallPart shell(
      CommandText command, Reach reach, List<Touch> touches, boolean background, String text) {
    return new CallPart(
        ToolKind.EXECUTE,
        command,
        reach,
        touches,
        List.of(),
        List.of(),
        null,
        true,
        background,
        text.strip());
  }
}
