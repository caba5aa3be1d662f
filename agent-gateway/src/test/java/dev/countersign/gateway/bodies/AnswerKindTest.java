package dev.countersign.gateway.bodies;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerKindTest {
  @ParameterizedTest
  @CsvSource({
    "GET, /v1/receipts, READ",
    "HEAD, /v1/users/alice/export, READ",
    "POST, /v1/evaluate, READ",
    "POST, /v1/evaluate//, READ",
    "POST, /v1/settings/import, READ",
    "POST, /v1/sessions/s/requests, DECISION",
    "POST, /v1/sessions/s/requests/, DECISION",
    "DELETE, /v1/requests/r, DECISION",
    "POST, /v1/hooks/claude-code, DECISION",
    "POST, /v1/sessions, CHANGE",
    "PATCH, /v1/sessions/s, CHANGE",
    "DELETE, /v1/sessions/s, CHANGE",
    "POST, /v1/sessions/s/commands, CHANGE",
    "POST, /v1/prompts/p/answer, CHANGE",
    "POST, /v1/requests/r/finished, CHANGE",
    "PUT, /v1/users/alice/overrides, CHANGE",
    "POST, /v1/users/alice/permissions/import, CHANGE",
    "DELETE, /v1/users/alice/grants/requests, CHANGE",
    "PUT, /v1/profiles/requests, CHANGE",
  })
  void whatIsCarriedOutIsNeverTakenForWhatCanBeAskedAgain(
      String method, String path, AnswerKind kind) {
    assertEquals(kind, AnswerKind.of(method, path, false));
  }

  @Test
  void whatIsOnlyTriedChangesNothing() {
    assertEquals(
        AnswerKind.READ, AnswerKind.of("POST", "/v1/users/alice/permissions/import", true));
    assertEquals(AnswerKind.READ, AnswerKind.of("POST", "/v1/imports", true));
    assertEquals(AnswerKind.CHANGE, AnswerKind.of("POST", "/v1/prompts/p/answer", true));
    assertEquals(AnswerKind.DECISION, AnswerKind.of("POST", "/v1/sessions/s/requests", true));
  }

  /** Every answer is looked at; a search that went back at each slash would take hours here. */
  @Test
  void anAddressOfSlashesCostsNoMoreThanItsLength() {
    String path = "/v1/tools/" + "/".repeat(1_000_000) + "x";
    assertTimeoutPreemptively(
        Duration.ofMinutes(1),
        () -> assertEquals(AnswerKind.CHANGE, AnswerKind.of("POST", path, false)));
  }
}
