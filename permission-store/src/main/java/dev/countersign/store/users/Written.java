package dev.countersign.store.users;

import dev.countersign.document.Fault;
import dev.countersign.protocol.OverrideReply;
import java.util.List;

/**
 * What became of a write. The transaction is over.
 *
 * @param reply the stored reply where the same command came before
 * @param changed whether this write made a new version
 * @param faults every fault where a document was refused; empty otherwise
 */
public record Written(OverrideReply reply, boolean changed, List<Fault> faults) {
  public Written {
    faults = List.copyOf(faults);
  }
}
