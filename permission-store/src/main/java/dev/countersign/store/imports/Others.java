package dev.countersign.store.imports;

import java.util.List;

/** What a settings file holds besides permissions. */
final class Others {
  private Others() {}

  /** One item for all fields that are not about permissions, so that none is passed over unsaid. */
  static List<Item> settings(Node.Fields root, List<String> known) {
    List<String> keys =
        root.fields().stream().map(Node.Field::key).filter(key -> !known.contains(key)).toList();
    return keys.isEmpty()
        ? List.of()
        : List.of(
            Item.leftOut(
                0, Texts.shown(String.join(", ", keys)), "other settings; not permissions"));
  }
}
