package dev.countersign.gateway.sessions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.gateway.http.Bodies;
import dev.countersign.gateway.http.Problems;
import dev.countersign.protocol.InvalidEventException;
import dev.countersign.protocol.Json;
import dev.countersign.protocol.OlderSettings;
import dev.countersign.protocol.SessionSettings;
import dev.countersign.protocol.UnknownKeys;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Reads session settings the way the approval service reads them from Kafka. */
public final class SettingsBody {
  private static final List<String> SETTINGS = UnknownKeys.of(SessionSettings.class);

  private SettingsBody() {}

  /**
   * Reads settings that stand in a JSON object beside other keys.
   *
   * @param beside the record that holds the other keys
   * @throws dev.countersign.gateway.http.ProblemException 400 {@code invalid_setting} that names
   *     the key and what it may be
   */
  static SessionSettings beside(Class<? extends Record> beside, byte[] json) {
    ObjectNode settings = Bodies.read(json, ObjectNode.class);
    List<String> known = UnknownKeys.of(beside);
    List<String> all = Stream.concat(known.stream(), SETTINGS.stream()).toList();
    for (Iterator<String> names = settings.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      if (!all.contains(name) && !OlderSettings.isOlderName(name)) {
        throw Problems.invalid("invalid_setting", name, name + " " + UnknownKeys.detail(name, all));
      }
    }
    settings.remove(known);
    return read(Json.write(settings));
  }

  /**
   * Reads settings from a JSON object that holds nothing else.
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
