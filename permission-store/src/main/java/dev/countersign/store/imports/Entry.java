package dev.countersign.store.imports;

import dev.countersign.policy.RuleEffect;

/** One thing that an import may add to a user's document. */
sealed interface Entry {
  /** As people read it in a report. */
  String shown();

  /** A rule of the scope {@code user}. */
  record OfRule(RuleEffect effect, String text) implements Entry {
    @Override
    public String shown() {
      return effect.word() + " " + text;
    }
  }

  /**
   * An override.
   *
   * @param resource null for the whole tool
   * @param until null for no end
   */
  record OfOverride(String tool, String resource, String level, String until) implements Entry {
    @Override
    public String shown() {
      String what = resource == null ? tool : tool + " \"" + resource + "\"";
      return level + " " + what + (until == null ? "" : " until " + until);
    }
  }
}
