package dev.countersign.policy;

import dev.countersign.policy.tools.ToolCatalogue;
import dev.countersign.policy.tools.ToolEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The call that a resource names, so that what is settled for it can be asked of the very code that
 * decides calls. A star stands for a word that no entry names.
 */
public final class NamedCall {
  private static final String NOBODY = "nothing-in-particular";

  private NamedCall() {}

  /**
   * A call of a tool on exactly this resource.
   *
   * @param resource a command, path, host or name as in an override; null for a call that names
   *     nothing in particular
   * @param cwd where relative paths start; null if it is not known
   * @param home what {@code ~} stands for; null if it is not known
   */
  public static ToolCall of(String tool, String resource, String cwd, String home) {
    ToolEntry entry = ToolCatalogue.inForce().entry(tool);
    String named = resource == null ? null : resource.replaceAll("\\*+", NOBODY);
    Map<String, Object> input = new HashMap<>();
    String any = named == null ? NOBODY : named;
    fill(input, entry, "command", any, text -> text);
    fill(input, entry, "argv", any, text -> text);
    fill(input, entry, "path", named == null ? "/" + NOBODY : named, text -> text);
    fill(input, entry, "destination", named == null ? "/" + NOBODY : named, text -> text);
    fill(input, entry, "patch", any, text -> "*** Update File: " + text);
    fill(input, entry, "url", any, NamedCall::address);
    for (String role : List.of("glob", "listed")) {
      if (entry.requires(role)) {
        fill(input, entry, role, "*", text -> text);
      }
    }
    if (named != null) {
      fill(input, entry, "name", named, text -> text);
    }
    return new ToolCall(tool, input, cwd, home, Map.of(), null, null);
  }

  private static void fill(
      Map<String, Object> input,
      ToolEntry entry,
      String role,
      String text,
      UnaryOperator<String> shape) {
    List<String> names = entry.fields().getOrDefault(role, entry.fields().get(role + "?"));
    if (names != null) {
      input.putIfAbsent(names.get(0), shape.apply(text));
    }
  }

  private static String address(String text) {
    String host = text.startsWith("domain:") ? text.substring("domain:".length()) : text;
    return host.contains("://") ? host : "https://" + host + "/";
  }
}
