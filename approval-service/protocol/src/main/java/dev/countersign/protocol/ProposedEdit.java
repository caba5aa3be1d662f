package dev.countersign.protocol;

import java.util.List;

/**
 * An edit of the owner's document that an agent asks for, as the approval service worked it out. A
 * person decides on exactly this: if the document moves to another version, the prompt ends.
 *
 * @param version of the document that would be edited
 * @param widens what would be loosened, a line each, such as {@code Bash "git push *": ask →
 *     always}
 * @param tightens what else would change, in the same words
 * @param diff the document's text before and after, as a unified diff
 */
public record ProposedEdit(long version, List<String> widens, List<String> tightens, String diff) {
  public ProposedEdit {
    widens = Require.list("edit.widens", widens);
    tightens = Require.list("edit.tightens", tightens);
  }
}
