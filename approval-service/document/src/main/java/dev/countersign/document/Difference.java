package dev.countersign.document;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.protocol.UserDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a new document changes about an old one, thing by thing, as a person reads it.
 *
 * @param changes what widens first; empty if nothing that counts changed
 */
public record Difference(List<Change> changes) {
  /**
   * One thing that changes.
   *
   * @param text such as {@code Bash "git push *": ask → always}
   * @param widens whether some call might be decided less strictly because of it
   */
  public record Change(String text, boolean widens) {}

  public Difference {
    changes = List.copyOf(changes);
  }

  /** Whether anything might be decided less strictly. If in doubt, it might. */
  public boolean widens() {
    return changes.stream().anyMatch(Change::widens);
  }

  /** The changes that widen, as texts. */
  public List<String> widening() {
    return changes.stream().filter(Change::widens).map(Change::text).toList();
  }

  /** Compares two documents. */
  public static Difference between(UserDocument before, UserDocument after) {
    Widening widening = new Widening(before, after);
    List<Change> changes = new ArrayList<>();
    rules("deny", before.rules().deny(), after.rules().deny(), widening, changes);
    rules("ask", before.rules().ask(), after.rules().ask(), widening, changes);
    rules("allow", before.rules().allow(), after.rules().allow(), widening, changes);
    Set<String> tools = new TreeSet<>(before.tools().keySet());
    tools.addAll(after.tools().keySet());
    for (String tool : tools) {
      tool(tool, before.tools().get(tool), after.tools().get(tool), widening, changes);
    }
    changes.sort(Comparator.comparing(change -> !change.widens()));
    return new Difference(changes);
  }

  private static void rules(
      String effect, List<String> old, List<String> now, Widening widening, List<Change> to) {
    Set<String> removed = new LinkedHashSet<>(old);
    now.forEach(removed::remove);
    Set<String> added = new LinkedHashSet<>(now);
    old.forEach(added::remove);
    removed.forEach(rule -> to.add(rule(effect, rule, "removed", widening.byRemovingRule(effect))));
    added.forEach(rule -> to.add(rule(effect, rule, "added", widening.byAddingRule(effect, rule))));
  }

  private static Change rule(String effect, String rule, String what, boolean widens) {
    return new Change("rule %s %s: %s".formatted(effect, Shown.of(rule), what), widens);
  }

  private static void tool(
      String name,
      UserDocument.Tool old,
      UserDocument.Tool now,
      Widening widening,
      List<Change> to) {
    Map<String, UserDocument.Entry> was = resources(old);
    Map<String, UserDocument.Entry> is = resources(now);
    change(name, null, whole(old), whole(now), widening, to);
    Set<String> names = new TreeSet<>(was.keySet());
    names.addAll(is.keySet());
    for (String resource : names) {
      change(name, resource, was.get(resource), is.get(resource), widening, to);
    }
  }

  private static void change(
      String tool,
      String resource,
      UserDocument.Entry old,
      UserDocument.Entry now,
      Widening widening,
      List<Change> to) {
    if (old == null ? now == null : old.equals(now)) {
      return;
    }
    String what = Shown.of(tool) + (resource == null ? "" : " \"" + Shown.of(resource) + "\"");
    to.add(
        new Change(
            "%s: %s → %s".formatted(what, level(old), level(now)),
            widening.byEntry(tool, resource, old, now)));
  }

  private static String level(UserDocument.Entry entry) {
    if (entry == null) {
      return "nothing";
    }
    String until = entry.until() == null ? "" : " until " + Shown.of(entry.until());
    boolean known = OverrideLevel.of(entry.level()).isPresent();
    return (known ? entry.level() : Shown.of(String.valueOf(entry.level()))) + until;
  }

  private static UserDocument.Entry whole(UserDocument.Tool tool) {
    return tool == null || tool.level() == null
        ? null
        : new UserDocument.Entry(tool.level(), tool.until());
  }

  private static Map<String, UserDocument.Entry> resources(UserDocument.Tool tool) {
    return tool == null ? Map.of() : new TreeMap<>(tool.resources());
  }
}
