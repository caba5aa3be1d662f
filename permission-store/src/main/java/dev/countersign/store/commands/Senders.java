package dev.countersign.store.commands;

import dev.countersign.document.Names;
import dev.countersign.protocol.ChangeSource;
import dev.countersign.protocol.OverrideCommand;
import dev.countersign.protocol.token.Roles;
import dev.countersign.protocol.token.TokenClaims;

/** Who may send which command. */
final class Senders {
  private static final String APPROVAL_SERVICE = "approval-service";
  private static final String SERVICE = "service";

  private Senders() {}

  /**
   * The approval service may for every user of its tenant; a person for themselves, or as an admin
   * for everyone; an agent never.
   */
  static boolean may(TokenClaims sender, OverrideCommand command) {
    if (!sender.tenant().equals(command.tenant())
        || sender.text(TokenClaims.ACTING_SESSION) != null) {
      return false;
    }
    return isApprovalService(sender)
        || sender.subject().equals(command.user())
        || sender.roles().contains(Roles.ADMIN);
  }

  /** What the approval service sends was approved; a person needs a role for it. */
  static boolean mayWiden(TokenClaims sender) {
    return isApprovalService(sender) || Roles.mayAnswer(sender.roles());
  }

  /** A service names the person it acts for; a person is who they are proven to be. */
  static ChangeSource source(TokenClaims sender, ChangeSource claimed) {
    String note = Names.storable(claimed.note());
    if (isApprovalService(sender)) {
      return new ChangeSource(
          claimed.via(),
          Names.storable(claimed.actor()),
          Names.storable(claimed.promptId()),
          note,
          Names.storable(claimed.sessionId()));
    }
    ChangeSource.Via via =
        claimed.via() == ChangeSource.Via.PROMPT ? ChangeSource.Via.DASHBOARD : claimed.via();
    return new ChangeSource(via, sender.subject(), null, note);
  }

  private static boolean isApprovalService(TokenClaims sender) {
    return sender.issuer().equals(APPROVAL_SERVICE)
        && sender.subject().equals(APPROVAL_SERVICE)
        && sender.roles().contains(SERVICE);
  }
}
