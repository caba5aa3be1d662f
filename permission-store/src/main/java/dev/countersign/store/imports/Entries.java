package dev.countersign.store.imports;

import dev.countersign.document.DocumentReader;
import dev.countersign.document.DocumentText;
import dev.countersign.document.InvalidDocumentException;
import dev.countersign.policy.CompiledPolicy;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.PermissionMode;
import dev.countersign.policy.Permissions;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.Rule;
import dev.countersign.policy.RuleScope;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether an entry could stand in a document at all: judged by the reader of documents itself. */
final class Entries {
  private static final Permissions ANY =
      new Permissions(PermissionMode.DEFAULT, null, null, null, false, List.of(), null);

  private Entries() {}

  /** What is wrong with an entry, if anything. */
  static Optional<String> fault(Entry entry) {
    try {
      String alone = DocumentText.write(alone(entry));
      DocumentReader.read(alone.getBytes(StandardCharsets.UTF_8));
    } catch (InvalidDocumentException e) {
      return Optional.of(e.faults().get(0).detail().replaceFirst("^is wrong: ", ""));
    }
    return entry instanceof Entry.OfRule rule ? neverMatches(rule) : Optional.empty();
  }

  private static Optional<String> neverMatches(Entry.OfRule rule) {
    List<Rule> rules = List.of(new Rule(RuleScope.USER, rule.effect(), rule.text()));
    try {
      return CompiledPolicy.compile(new PolicySource(ANY, rules, List.of(), List.of(), false))
          .warnings()
          .stream()
          .findFirst();
    } catch (InvalidRulesException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static UserDocument alone(Entry entry) {
    if (entry instanceof Entry.OfRule rule) {
      List<String> text = List.of(rule.text());
      return new UserDocument(
          null,
          switch (rule.effect()) {
            case ALLOW -> new RuleSet(text, null, null);
            case ASK -> new RuleSet(null, text, null);
            case DENY -> new RuleSet(null, null, text);
          },
          null);
    }
    Entry.OfOverride override = (Entry.OfOverride) entry;
    UserDocument.Tool tool =
        override.resource() == null
            ? new UserDocument.Tool(override.level(), null, override.until())
            : new UserDocument.Tool(
                null,
                Map.of(
                    override.resource(),
                    new UserDocument.Entry(override.level(), override.until())));
    return new UserDocument(null, null, Map.of(override.tool(), tool));
  }
}
