package dev.countersign.store.document;

import dev.countersign.document.Fault;
import dev.countersign.protocol.UserDocument;
import java.util.List;

/** What a change would come to. Nothing is stored yet. */
public sealed interface Outcome {
  /**
   * The change can be made.
   *
   * @param text the new document in its normal form
   * @param cleared narrower {@code always} entries that a broader {@code never} removes, as {@code
   *     tool} or {@code tool resource}
   * @param kept those that it leaves in place because it was told to
   */
  record Changed(UserDocument document, String text, List<String> cleared, List<String> kept)
      implements Outcome {
    public Changed {
      cleared = List.copyOf(cleared);
      kept = List.copyOf(kept);
    }

    public Changed(UserDocument document, String text) {
      this(document, text, List.of(), List.of());
    }
  }

  /**
   * The change is refused and the document stays.
   *
   * @param code a stable word, such as {@code invalid_override} or {@code too_large}
   * @param detail what is wrong and what would be right, in one sentence
   * @param faults every fault where a document was refused; empty otherwise
   */
  record Refused(String code, String detail, List<Fault> faults) implements Outcome {
    public Refused {
      faults = List.copyOf(faults);
    }

    public Refused(String code, String detail) {
      this(code, detail, List.of());
    }
  }
}
