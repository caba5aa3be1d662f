package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.ToolKind;
import dev.countersign.policy.paths.Paths;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Breaks a call into the parts that are decided. */
public final class CallParts {
  /** A call of more parts is never allowed by rule, override or coverage. */
  public static final int MOST_ALLOWED = 10_000;

  private static final Pattern PATCHED =
      Pattern.compile("(?m)^\\*\\*\\* (Add File|Update File|Delete File|Move to): (.+)$");

  private final ToolCall call;
  private final ToolEntry entry;
  private final PathReader paths;

  private CallParts(ToolCall call, ToolEntry entry) {
    this.call = call;
    this.entry = entry;
    this.paths = new PathReader(call, false);
  }

  /**
   * All parts, equal ones once; never empty. Where there are very many, they are made while the
   * list is walked, so that they need not be held all at once.
   */
  public static List<CallPart> of(ToolCall call, ToolEntry entry) {
    CallParts reader = new CallParts(call, entry);
    return entry.has("command") || entry.has("argv") ? reader.shell() : List.of(reader.plain());
  }

  /** How many parts a call has, equal ones counted one by one. */
  public static int count(List<CallPart> parts) {
    return parts instanceof PartsInTurn turn ? turn.all() : parts.size();
  }

  private List<CallPart> shell() {
    boolean background = background();
    if (entry.contradicts(call.input(), "command", "argv", "folder")) {
      String all =
          Stream.of("command", "argv", "folder")
              .flatMap(role -> entry.values(role, call.input()).stream())
              .map(String::valueOf)
              .collect(Collectors.joining("\n"));
      return List.of(malformed(all, background, "two fields of one meaning differ"));
    }
    Optional<Object> command = entry.value("command", call.input());
    if (command.isPresent() && command.get() instanceof String text) {
      return ShellParts.of(call, there(text), background);
    }
    Optional<Object> argv = entry.value("argv", call.input());
    if (argv.isPresent() && argv.get() instanceof String text) {
      return ShellParts.of(call, there(text), background);
    }
    if (argv.isPresent()
        && argv.get() instanceof List<?> words
        && !words.isEmpty()
        && words.stream().allMatch(String.class::isInstance)) {
      String script = words.stream().map(w -> quoted((String) w)).collect(Collectors.joining(" "));
      return ShellParts.of(call, there(script), background);
    }
    String written = command.or(() -> argv).map(String::valueOf).orElse("");
    return List.of(malformed(written, background, "the command is no text"));
  }

  private static CallPart malformed(String written, boolean background, String why) {
    CallPart part =
        new CallPart(
            ToolKind.EXECUTE,
            CommandText.unread(written.replaceAll("[\\[\\],]+", " ")),
            dev.countersign.policy.shell.Part.Reach.OTHER,
            List.of(),
            List.of(),
            List.of(),
            null,
            true,
            background,
            written);
    return part.doubting(Doubt.Kind.MALFORMED, why);
  }

  /** The script with the step into the folder that the input names beside it. */
  private String there(String script) {
    Optional<Object> folder = entry.value("folder", call.input()).filter(f -> !f.equals(""));
    if (folder.isEmpty()) {
      return script;
    }
    String written = String.valueOf(folder.get());
    String place = Paths.absolute(written, call.cwd(), null);
    boolean stays = place != null && call.cwd() != null && place.equals(Paths.clean(call.cwd()));
    return stays ? script : "cd " + quoted("./".equals(written) ? "." : written) + "\n" + script;
  }

  /** Anything but a plain no counts: an agent may take "true" for true. */
  private boolean background() {
    return entry.values("background", call.input()).stream()
        .anyMatch(value -> !value.equals(false) && !value.equals("false"));
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private CallPart plain() {
    List<Touch> touches = new ArrayList<>();
    String problem = null;
    if (Searches.is(entry)) {
      problem = new Searches(paths, entry, call.input()).addTo(touches);
    } else {
      for (String role : List.of("path", "destination")) {
        String missing = path(role, touches);
        problem = problem != null ? problem : missing;
      }
    }
    if (entry.has("patch")) {
      problem = patch(touches);
    }
    if (entry.has("url")) {
      problem = url(touches);
    }
    boolean background = background();
    CallPart part =
        new CallPart(
            entry.kind(),
            null,
            null,
            touches,
            List.of(),
            List.of(),
            null,
            false,
            background,
            text(touches));
    return problem == null ? part : part.doubting(Doubt.Kind.MALFORMED, problem);
  }

  private String path(String role, List<Touch> touches) {
    if (!entry.has(role)) {
      return null;
    }
    List<Object> values = entry.values(role, call.input());
    if (entry.contradicts(call.input(), role)) {
      values.stream()
          .filter(value -> value instanceof String s && !s.isBlank())
          .forEach(value -> touches.add(paths.literal((String) value, use())));
      return "two fields name different files";
    }
    Optional<Object> value = values.stream().findFirst();
    if (value.isEmpty() && entry.requires(role)) {
      return "it names no file";
    }
    if (value.isPresent() && !(value.get() instanceof String s && !s.isBlank())) {
      return "its path is no text";
    }
    touches.add(paths.literal((String) value.orElse("."), use()));
    return null;
  }

  private Use use() {
    return switch (entry.kind()) {
      case EDIT, MOVE -> Use.WRITE;
      case DELETE -> Use.DELETE;
      case READ, SEARCH, EXECUTE, THINK, FETCH, SWITCH_MODE, OTHER -> Use.READ;
    };
  }

  private String patch(List<Touch> touches) {
    for (Object value : entry.values("patch", call.input())) {
      if (!(value instanceof String text)) {
        continue;
      }
      Matcher files = PATCHED.matcher(text);
      while (files.find()) {
        Use use = files.group(1).startsWith("Delete") ? Use.DELETE : Use.WRITE;
        touches.add(paths.literal(files.group(2).strip(), use));
      }
    }
    if (entry.contradicts(call.input(), "patch")) {
      return "two fields hold different patches";
    }
    return touches.isEmpty() ? "its patch names no file" : null;
  }

  private String url(List<Touch> touches) {
    for (String name : entry.names("url")) {
      if (call.input().get(name) instanceof String text && !text.isBlank()) {
        touches.addAll(Hosts.in(text));
      }
    }
    return touches.isEmpty() ? "it names no address" : null;
  }

  private String text(List<Touch> touches) {
    return touches.isEmpty()
        ? call.tool()
        : call.tool()
            + " "
            + touches.stream().map(Touch::written).collect(Collectors.joining(", "));
  }
}
