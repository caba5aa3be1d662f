package dev.countersign.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OlderSettingsTest {
  private static OlderSettings.Translation translate(String json) {
    return OlderSettings.translate(
        (ObjectNode) Json.readTree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'mode':'Normal'                    | 'permissionMode':'default'",
        "'mode':'Agent'                     | 'permissionMode':'default'",
        "'mode':'agent'                     | 'permissionMode':'default'",
        "'mode':'default'                   | 'permissionMode':'default'",
        "'mode':'suggest'                   | 'permissionMode':'default'",
        "'mode':'Plan'                      | 'permissionMode':'plan'",
        "'mode':'autoEdit'                  | 'permissionMode':'acceptEdits'",
        "'mode':'auto_edit'                 | 'permissionMode':'acceptEdits'",
        "'mode':'auto-edit'                 | 'permissionMode':'acceptEdits'",
        "'mode':'full-auto'                 | 'permissionMode':'auto'",
        "'mode':'YOLO'                      | 'permissionMode':'bypassPermissions'",
        "'mode':'yolo'                      | 'permissionMode':'bypassPermissions'",
        "'approval_mode':'auto'             | 'approvalPolicy':'approve_trusted'",
        "'approval_mode':'suggest'          | 'approvalPolicy':'ask_on_boundary'",
        "'approval_mode':'never'            | 'approvalPolicy':'block_requires_approval'",
        "'sandbox_mode':'read-only'         | 'profile':'read_only'",
        "'sandbox_mode':'workspace-write'   | 'profile':'workspace'",
        "'sandbox_mode':'external-sandbox'  | 'profile':'external_sandbox'",
        "'sandbox_mode':'danger-full-access'| 'profile':'full_access'",
        "'allow_shell':false                | 'session':{'allow':[],'ask':[],'deny':['Bash']}",
        "'allow_shell':true                 | ''",
        "'trust_mode':true                  | 'profile':'full_access'",
        "'trust_mode':false                 | ''",
      })
  void everyOlderWordHasOneMeaningToday(String older, String today) {
    OlderSettings.Translation translated = translate("{" + older + "}");
    String expected = today.equals("''") ? "{}" : "{" + today.replace('\'', '"') + "}";
    assertEquals(expected, new String(Json.write(translated.settings()), StandardCharsets.UTF_8));
    assertEquals(1, translated.carried().size(), translated.carried().toString());
    assertEquals(List.of(), translated.lost());
    Json.read(Json.write(translated.settings()), SessionSettings.class);
  }

  @Test
  void eachWordGetsALine() {
    OlderSettings.Translation translated =
        translate(
            "{'mode':'fullAuto','approval_mode':'never','allow_shell':true,'trust_mode':false,"
                + "'sandbox_mode':'read-only'}");
    assertEquals(5, translated.carried().size(), translated.carried().toString());
    assertTrue(
        translated
            .carried()
            .contains("approval_mode never became approvalPolicy" + " block_requires_approval"),
        translated.carried().toString());
  }

  @Test
  void ofTwoThatDisagreeTheNarrowerCounts() {
    OlderSettings.Translation translated =
        translate("{'trust_mode':true,'sandbox_mode':'read-only'}");
    assertEquals("read_only", translated.settings().profile());
    assertEquals(1, translated.lost().size());
    assertTrue(translated.lost().get(0).startsWith("trust_mode true"), translated.lost().get(0));
  }

  @Test
  void aModeThatAsksNothingIsNotCarriedOverBesideAPolicyThatAsks() {
    for (String policy : List.of("auto", "suggest", "never")) {
      OlderSettings.Translation translated =
          translate("{'mode':'YOLO','approval_mode':'" + policy + "'}");
      assertEquals(null, translated.settings().permissionMode());
      assertEquals(1, translated.carried().size(), translated.carried().toString());
      assertTrue(translated.lost().get(0).startsWith("mode YOLO"), translated.lost().get(0));
    }
  }

  @Test
  void everyFaultIsNamedWithTheValidWords() {
    OlderSettings.UnreadableException e =
        assertThrows(
            OlderSettings.UnreadableException.class,
            () ->
                translate(
                    "{'mode':'turbo','approval_mode':1,'allow_shell':'true','trust_mode':null,"
                        + "'sandbox_mode':['read-only'],'permissionMode':'plan'}"));
    assertEquals(
        List.of(
            "permissionMode", "mode", "approval_mode", "sandbox_mode", "trust_mode", "allow_shell"),
        e.faults().stream().map(Problem.FieldError::field).toList());
    assertTrue(e.getMessage().contains("Normal, Agent"), e.getMessage());
    assertTrue(e.getMessage().contains("auto, suggest, never"), e.getMessage());
    assertTrue(e.getMessage().contains("danger-full-access"), e.getMessage());
    assertTrue(e.getMessage().contains("mode, approval_mode, allow_shell"), e.getMessage());
  }
}
