package dev.countersign.approval.prompts;

import dev.countersign.approval.db.StoredJson;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.PromptOption;
import java.util.List;

/** The options of a prompt as they are stored. */
public record StoredOptions(List<PromptOption> options) {
  public StoredOptions {
    options = options == null ? List.of() : List.copyOf(options);
  }

  /** Options as bytes of the column {@code options}. */
  public static byte[] write(List<PromptOption> options) {
    return StoredJson.write(new StoredOptions(options));
  }

  /** Options from that column; none where it is null. The first ones were stored as a bare list. */
  static List<PromptOption> read(byte[] json) {
    if (json == null) {
      return List.of();
    }
    return json[0] == '['
        ? List.of(Json.read(json, PromptOption[].class))
        : StoredJson.read(json, StoredOptions.class, "the options of prompts").options();
  }
}
