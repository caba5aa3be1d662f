package dev.countersign.store.document;

import dev.countersign.document.Difference;
import dev.countersign.document.DocumentText;
import dev.countersign.protocol.UserDocument;
import java.util.List;
import java.util.Optional;

/**
 * What a document may decide less strictly than before. It settles prompts that are open, so it
 * takes what an answer takes: the role {@code approver}, or {@code admin}.
 */
public final class Loosening {
  public static final String NOT_ENTITLED = "not_entitled";

  private Loosening() {}

  /**
   * The refusal for a writer who has neither role; empty if the change only tightens.
   *
   * @param before the stored text
   */
  public static Optional<Outcome.Refused> refusal(String before, UserDocument after) {
    List<String> widening = Difference.between(DocumentText.read(before), after).widening();
    if (widening.isEmpty()) {
      return Optional.empty();
    }
    String more = widening.size() == 1 ? "" : " (and %d more)".formatted(widening.size() - 1);
    return Optional.of(
        new Outcome.Refused(
            NOT_ENTITLED,
            "this loosens %s%s, which takes the role approver or admin"
                .formatted(widening.get(0), more)));
  }
}
