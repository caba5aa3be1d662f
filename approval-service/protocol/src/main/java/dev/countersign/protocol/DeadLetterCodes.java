package dev.countersign.protocol;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** The codes that dead letters carry, as the documents list them. */
public final class DeadLetterCodes {
  /** Stands for a code that is not listed. */
  public static final String OTHER = "other";

  /** All of them, in alphabetical order. */
  public static final SortedSet<String> ALL =
      Collections.unmodifiableSortedSet(
          new TreeSet<>(
              List.of(
                  "agents_cannot_answer",
                  "answer_id_reused",
                  "bad_signature",
                  "beyond_issuer",
                  "command_id_reused",
                  "erased",
                  "expired",
                  "expired_token",
                  "internal_error",
                  "invalid_answer",
                  "invalid_claim",
                  "invalid_document",
                  "invalid_mode",
                  "invalid_override",
                  "invalid_request",
                  "invalid_setting",
                  "invalid_user",
                  "key_mismatch",
                  "malformed_json",
                  "malformed_token",
                  "missing_token",
                  "not_authorised",
                  "not_entitled",
                  "not_running",
                  "not_yet_valid",
                  "not_your_session",
                  "not_yours",
                  "null_key",
                  "reply_topic_not_allowed",
                  "reply_topic_unusable",
                  "request_id_reused",
                  "session_closed",
                  "session_exists",
                  "stale_option",
                  "stale_prompt",
                  "too_large",
                  "too_many_sessions",
                  "unknown_key",
                  "unknown_option",
                  "unknown_prompt",
                  "unknown_request",
                  "unknown_session",
                  "unknown_type",
                  "unpublishable",
                  "version_conflict",
                  "wrong_type")));

  private DeadLetterCodes() {}

  /** The code if it is listed, and {@link #OTHER} if not. */
  public static String listed(String code) {
    return ALL.contains(code) ? code : OTHER;
  }
}
