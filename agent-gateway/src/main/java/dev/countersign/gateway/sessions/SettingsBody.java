package dev.countersign.gateway.sessions;

import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.SessionSettings;

/** Reads session settings the way the approval service reads them from Kafka. */
public final class SettingsBody {
  private SettingsBody() {}

  /**
   * Reads settings from a JSON object; what else it holds is left alone.
   *
   * @throws dev.countersign.gateway.http.ProblemException 400 {@code invalid_setting} that names
   *     the setting and what it may be
   */
  public static SessionSettings read(byte[] json) {
    try {
      return Json.read(json, SessionSettings.class);
    } catch (InvalidEventException e) {
      throw e.field().equals("$")
          ? Problems.invalid(e)
          : Problems.invalid("invalid_setting", e.field(), e.getMessage());
    }
  }
}
