package dev.countersign.policy.parts;

import dev.countersign.policy.ToolCall;
import dev.countersign.policy.ToolKind;
import dev.countersign.policy.shell.PathUse.Use;
import dev.countersign.policy.tools.ToolEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

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
   * All parts; never empty. Where there are very many, they are made while the list is walked, so
   * that they need not be held all at once.
   */
  public static List<CallPart> of(ToolCall call, ToolEntry entry) {
    CallParts reader = new CallParts(call, entry);
    return entry.has("command") || entry.has("argv") ? reader.shell() : List.of(reader.plain());
  }

  private List<CallPart> shell() {
    boolean background = background();
    Optional<Object> command = entry.value("command", call.input());
    if (command.isPresent() && command.get() instanceof String text) {
      return ShellParts.of(call, text, background);
    }
    Optional<Object> argv = entry.value("argv", call.input());
    if (argv.isPresent() && argv.get() instanceof String text) {
      return ShellParts.of(call, text, background);
    }
    if (argv.isPresent()
        && argv.get() instanceof List<?> words
        && !words.isEmpty()
        && words.stream().allMatch(String.class::isInstance)) {
      String script = words.stream().map(w -> quoted((String) w)).collect(Collectors.joining(" "));
      return ShellParts.of(call, script, background);
    }
    String written = command.or(() -> argv).map(String::valueOf).orElse("");
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
    return List.of(part.doubting(Doubt.Kind.MALFORMED, "the command is no text"));
  }

  /** Anything but a plain no counts: an agent may take "true" for true. */
  private boolean background() {
    return entry
        .value("background", call.input())
        .filter(value -> !value.equals(false) && !value.equals("false"))
        .isPresent();
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  private CallPart plain() {
    List<Touch> touches = new ArrayList<>();
    String problem = null;
    for (String role : List.of("path", "destination")) {
      String missing = path(role, touches);
      problem = problem != null ? problem : missing;
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
    Optional<Object> value = entry.value(role, call.input());
    if (value.isEmpty() && entry.requires(role)) {
      return "it names no file";
    }
    if (value.isPresent() && !(value.get() instanceof String s && !s.isBlank())) {
      return "its path is no text";
    }
    String written = (String) value.orElse(".");
    if (!entry.has("glob")) {
      touches.add(paths.literal(written, use()));
      return null;
    }
    Optional<Object> glob = entry.value("glob", call.input());
    if (entry.requires("glob") && !(glob.orElse(null) instanceof String)) {
      return "its pattern is no text";
    }
    boolean content = !entry.requires("glob") && entry.has("glob");
    touches.add(paths.searched(written, glob.map(String::valueOf).orElse(null), content));
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
    Object value = entry.value("patch", call.input()).orElse(null);
    if (value instanceof String text) {
      Matcher files = PATCHED.matcher(text);
      while (files.find()) {
        Use use = files.group(1).startsWith("Delete") ? Use.DELETE : Use.WRITE;
        touches.add(paths.literal(files.group(2).strip(), use));
      }
    }
    return touches.isEmpty() ? "its patch names no file" : null;
  }

  private String url(List<Touch> touches) {
    Object value = entry.value("url", call.input()).orElse(null);
    if (value instanceof String text && !text.isBlank()) {
      touches.addAll(Hosts.in(text));
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
