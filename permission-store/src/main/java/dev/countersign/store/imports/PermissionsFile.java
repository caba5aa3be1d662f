package dev.countersign.store.imports;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.RuleEffect;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * {@code PERMISSIONS.json}: a document as it is now, and older ones where it is plain what they
 * mean: a level directly behind its tool ({@code "qb_query": "ask"}), tools without a {@code tools}
 * around them, levels in another case, {@code allow}, {@code deny} and {@code prompt} as levels.
 */
final class PermissionsFile implements SettingsReader {
  private static final Map<String, String> OLDER_WORDS =
      Map.of("allow", "always", "deny", "never", "prompt", "ask");
  private static final List<String> VERSIONS = List.of("schemaVersion", "version", "$schema");
  private static final List<String> TOOLS = List.of("tools", "overrides");
  private static final List<String> RULES = List.of("rules", "permissions");

  @Override
  public List<Item> read(String text) throws UnreadableFileException {
    List<Item> items = new ArrayList<>();
    for (Node.Field field : NodeReader.read(text).fields()) {
      if (TOOLS.contains(field.key()) && field.value() instanceof Node.Fields tools) {
        tools.fields().forEach(tool -> tool(tool, items));
      } else if (RULES.contains(field.key()) && field.value() instanceof Node.Fields rules) {
        rules.fields().forEach(list -> rules(list, items));
      } else if (!VERSIONS.contains(field.key())) {
        loose(field, items);
      }
    }
    return items;
  }

  /** A tool that stands directly in the document, or something that means nothing. */
  private void loose(Node.Field field, List<Item> items) {
    boolean level = field.value().text().flatMap(PermissionsFile::level).isPresent();
    boolean fields =
        field.value() instanceof Node.Fields value
            && value.fields().stream().anyMatch(f -> f.key().matches("level|resources"));
    if (level || fields) {
      tool(field, items);
    } else {
      items.add(unknown(field, field.key()));
    }
  }

  private void rules(Node.Field list, List<Item> items) {
    RuleEffect effect = RuleEffect.of(list.key()).orElse(null);
    if (effect == null || !(list.value() instanceof Node.Elements elements)) {
      items.add(unknown(list, list.key()));
      return;
    }
    for (Node rule : elements.values()) {
      String shown = effect.word() + " " + rule.shown();
      items.add(
          rule.text()
              .map(text -> item(rule.line(), shown, new Entry.OfRule(effect, text)))
              .orElseGet(() -> Item.leftOut(rule.line(), Texts.shown(shown), "is no rule")));
    }
  }

  private void tool(Node.Field tool, List<Item> items) {
    if (!(tool.value() instanceof Node.Fields settled)) {
      items.add(override(tool.line(), tool.key(), null, tool.value(), null));
      return;
    }
    Node until = settled.get("until").orElse(null);
    for (Node.Field field : settled.fields()) {
      if (field.key().equals("level")) {
        items.add(override(field.line(), tool.key(), null, field.value(), until));
      } else if (field.key().equals("resources") && field.value() instanceof Node.Fields all) {
        all.fields().forEach(resource -> items.add(resource(tool.key(), resource)));
      } else if (!field.key().equals("until")) {
        items.add(unknown(field, tool.key() + "." + field.key()));
      }
    }
  }

  private Item resource(String tool, Node.Field resource) {
    if (!(resource.value() instanceof Node.Fields entry)) {
      return override(resource.line(), tool, resource.key(), resource.value(), null);
    }
    Optional<Node.Field> other =
        entry.fields().stream().filter(f -> !f.key().matches("level|until")).findFirst();
    if (other.isPresent()) {
      return unknown(other.get(), tool + "." + resource.key() + "." + other.get().key());
    }
    Node level = entry.get("level").orElse(new Node.Plain(resource.line(), "null"));
    return override(resource.line(), tool, resource.key(), level, entry.get("until").orElse(null));
  }

  private Item override(int line, String tool, String resource, Node level, Node until) {
    String what = resource == null ? tool : tool + " \"" + resource + "\"";
    String shown = what + ": " + level.shown();
    Optional<String> word = level.text().flatMap(PermissionsFile::level);
    if (word.isEmpty()) {
      return Item.leftOut(
          line, Texts.shown(shown), "the level is none of " + OverrideLevel.words());
    }
    try {
      return item(line, shown, new Entry.OfOverride(tool, resource, word.get(), instant(until)));
    } catch (DateTimeException e) {
      return Item.leftOut(line, Texts.shown(shown), "its end is no instant");
    }
  }

  private static String instant(Node until) {
    return until == null ? null : OffsetDateTime.parse(until.shown()).toInstant().toString();
  }

  private static Optional<String> level(String word) {
    String lower = word.strip().toLowerCase(Locale.ROOT);
    return OverrideLevel.of(OLDER_WORDS.getOrDefault(lower, lower)).map(OverrideLevel::word);
  }

  private Item item(int line, String shown, Entry entry) {
    return Entries.fault(entry)
        .map(why -> Item.leftOut(line, Texts.shown(shown), why))
        .orElseGet(() -> Item.carried(line, Texts.shown(shown), List.of(entry), null));
  }

  private static Item unknown(Node.Field field, String key) {
    return Item.leftOut(field.line(), Texts.shown(key), "means nothing in a permissions document");
  }
}
