package dev.countersign.store.imports;

import dev.countersign.document.Expiry;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.RuleEffect;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Adds what a file says to a document: what is not there yet is added, what is there stays. Pure;
 * the same file on its own outcome changes nothing.
 */
final class Merge {
  /**
   * What would become of a document, and of every line of the file.
   *
   * @param changed whether the document differs from the one before
   */
  record Merged(UserDocument document, boolean changed, List<ReportLine> lines) {}

  private final boolean own;
  private final Map<RuleEffect, List<String>> rules = new EnumMap<>(RuleEffect.class);
  private final Map<String, UserDocument.Tool> tools;
  private final UserDocument before;
  private final Instant now;
  private final Map<String, String> wholes = new HashMap<>();
  private String kept;
  private String was;
  private boolean added;

  private Merge(UserDocument before, boolean own, Instant now) {
    this.before = before;
    this.now = now;
    this.own = own;
    rules.put(RuleEffect.ALLOW, new ArrayList<>(before.rules().allow()));
    rules.put(RuleEffect.ASK, new ArrayList<>(before.rules().ask()));
    rules.put(RuleEffect.DENY, new ArrayList<>(before.rules().deny()));
    tools = new TreeMap<>(before.tools());
  }

  /**
   * Merges.
   *
   * @param own whether the file is a document of ours: then its levels replace others; an agent's
   *     file never loosens what the document says
   * @param now what has ended by then is left out
   */
  static Merged of(List<Item> items, UserDocument before, boolean own, Instant now) {
    Merge merge = new Merge(before, own, now);
    items.forEach(item -> item.entries().forEach(merge::noteWhole));
    List<ReportLine> lines = new ArrayList<>();
    boolean changed = false;
    for (Item item : items) {
      lines.add(merge.add(item));
      changed |= merge.added;
    }
    return new Merged(merge.document(), changed, lines);
  }

  /** The lines of a file that is older than the document: nothing of it is taken. */
  static List<ReportLine> keptNewer(List<Item> items) {
    return items.stream()
        .map(
            item ->
                item.entries().isEmpty()
                    ? ReportLine.leftOut(item)
                    : ReportLine.of(item, ReportLine.Outcome.KEPT, "newer"))
        .toList();
  }

  private UserDocument document() {
    return new UserDocument(
        before.schemaVersion(),
        new RuleSet(
            rules.get(RuleEffect.ALLOW), rules.get(RuleEffect.ASK), rules.get(RuleEffect.DENY)),
        tools);
  }

  private void noteWhole(Entry entry) {
    if (entry instanceof Entry.OfOverride whole && whole.resource() == null) {
      wholes.put(whole.tool(), whole.level());
    }
  }

  private ReportLine add(Item item) {
    kept = null;
    was = null;
    added = false;
    if (item.entries().isEmpty()) {
      return ReportLine.leftOut(item);
    }
    Optional<String> untimely = untimely(item);
    if (untimely.isPresent()) {
      return ReportLine.leftOut(Item.leftOut(item.line(), item.source(), untimely.get()));
    }
    for (Entry entry : item.entries()) {
      if (entry instanceof Entry.OfRule rule) {
        add(rule);
      } else {
        add((Entry.OfOverride) entry);
      }
    }
    if (added) {
      ReportLine.Outcome outcome =
          item.tightened() ? ReportLine.Outcome.TIGHTENED : ReportLine.Outcome.CARRIED_OVER;
      return ReportLine.of(item, outcome, was == null ? item.note() : was);
    }
    return kept == null
        ? ReportLine.of(item, ReportLine.Outcome.ALREADY_THERE, null)
        : ReportLine.of(item, ReportLine.Outcome.KEPT, kept);
  }

  private Optional<String> untimely(Item item) {
    return item.entries().stream()
        .filter(Entry.OfOverride.class::isInstance)
        .flatMap(entry -> Expiry.faultOf(((Entry.OfOverride) entry).until(), now).stream())
        .map(fault -> "its end " + fault)
        .findFirst();
  }

  private void add(Entry.OfRule rule) {
    List<String> same = rules.get(rule.effect());
    if (same.contains(rule.text())) {
      return;
    }
    if (rule.effect() == RuleEffect.ALLOW && rules.get(RuleEffect.DENY).contains(rule.text())) {
      kept = "the document denies this";
    } else {
      same.add(rule.text());
      added = true;
    }
  }

  private void add(Entry.OfOverride entry) {
    UserDocument.Tool tool = tools.getOrDefault(entry.tool(), new UserDocument.Tool(null, null));
    UserDocument.Entry present =
        entry.resource() != null
            ? tool.resources().get(entry.resource())
            : tool.level() == null ? null : new UserDocument.Entry(tool.level(), tool.until());
    UserDocument.Entry wanted = new UserDocument.Entry(entry.level(), entry.until());
    if (wanted.equals(present)) {
      return;
    }
    String why = own ? null : loosens(entry, tool, present);
    if (why != null) {
      kept = why;
      return;
    }
    if (present != null) {
      was = "was " + shown(present);
    }
    added = true;
    Map<String, UserDocument.Entry> resources = new TreeMap<>(tool.resources());
    if (entry.resource() != null) {
      resources.put(entry.resource(), wanted);
    }
    tools.put(
        entry.tool(),
        entry.resource() == null
            ? new UserDocument.Tool(entry.level(), resources, entry.until())
            : new UserDocument.Tool(tool.level(), resources, tool.until()));
  }

  private static String shown(UserDocument.Entry entry) {
    return entry.until() == null ? entry.level() : entry.level() + " until " + entry.until();
  }

  /** Why an override would loosen what the document said before; null if it would not. */
  private String loosens(
      Entry.OfOverride entry, UserDocument.Tool tool, UserDocument.Entry present) {
    if (present != null && rank(present.level()) > rank(entry.level())) {
      return "the document says " + present.level();
    }
    if (!entry.level().equals(OverrideLevel.ALWAYS.word())) {
      return null;
    }
    if (present != null && present.until() != null) {
      return "the document says " + shown(present);
    }
    UserDocument.Tool settled = before.tools().get(entry.tool());
    String whole = settled == null ? null : settled.level();
    if (whole != null && rank(whole) > 0 && !whole.equals(wholes.get(entry.tool()))) {
      return "the document says " + whole + " for all of " + entry.tool();
    }
    return Asks.about(entry.tool(), before.rules().ask())
        .map(rule -> "the document asks: " + rule)
        .orElse(null);
  }

  private static int rank(String level) {
    return OverrideLevel.of(level).map(Enum::ordinal).orElse(0);
  }
}
