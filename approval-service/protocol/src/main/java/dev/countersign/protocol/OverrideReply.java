package dev.countersign.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * What became of an override command; sent after the change is committed.
 *
 * @param ok whether it was carried out
 * @param code {@code ok}, or why not: {@code invalid_override}, {@code invalid_document}, {@code
 *     too_large}, {@code version_conflict}, {@code not_authorised}
 * @param version the document's version after it
 * @param document the whole document after it; null where the command was refused
 * @param cleared narrower {@code always} entries that a broader {@code never} removed, as {@code
 *     tool} or {@code tool resource}
 * @param kept those that it kept because it was told to
 */
public record OverrideReply(
    String tenant,
    String commandId,
    String user,
    boolean ok,
    String code,
    String detail,
    long version,
    JsonNode document,
    List<String> cleared,
    List<String> kept)
    implements Event {
  /** A reply to a command that kept nothing. */
  public OverrideReply(
      String tenant,
      String commandId,
      String user,
      boolean ok,
      String code,
      String detail,
      long version,
      JsonNode document,
      List<String> cleared) {
    this(tenant, commandId, user, ok, code, detail, version, document, cleared, null);
  }

  public OverrideReply {
    tenant = Require.tenant(tenant);
    code = Require.text("code", code, 64);
    document = Require.object("document", document);
    cleared = Require.list("cleared", cleared);
    kept = Require.list("kept", kept);
  }

  @Override
  public String key() {
    return user;
  }
}
