package dev.countersign.protocol.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.countersign.policy.ApprovalPolicy;
import dev.countersign.policy.DecidedBy;
import dev.countersign.policy.ExecutionPolicy;
import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.PermissionMode;
import dev.countersign.protocol.SettingWords;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The schemas know exactly the words of the decision core, in its order. */
class PolicyWordsTest {
  private final Contract contract = Contract.load();

  @Test
  void theWordsOfTheSchemasAreThoseOfThePolicy() {
    same("permissionMode", PermissionMode.values(), PermissionMode::word);
    same("approvalPolicy", ApprovalPolicy.values(), ApprovalPolicy::word);
    same("executionPolicy", ExecutionPolicy.values(), ExecutionPolicy::word);
    same("overrideLevel", OverrideLevel.values(), OverrideLevel::word);
    same("decidedBy", DecidedBy.values(), DecidedBy::word);
  }

  @Test
  void theWordsOfTheReadersAreThoseOfTheSchemas() {
    assertEquals(SettingWords.PERMISSION_MODES, words("permissionMode"));
    assertEquals(SettingWords.ENGINE_PERMISSION_MODES, words("enginePermissionMode"));
    assertEquals(SettingWords.APPROVAL_POLICIES, words("approvalPolicy"));
    assertEquals(SettingWords.EXECUTION_POLICIES, words("executionPolicy"));
  }

  private <E> void same(String definition, E[] constants, Function<E, String> word) {
    assertEquals(Arrays.stream(constants).map(word).toList(), words(definition), definition);
  }

  private List<String> words(String definition) {
    List<String> words = new ArrayList<>();
    JsonNode definitions = contract.schemas().get(Contract.COMMON).path("$defs");
    definitions.path(definition).path("enum").forEach(node -> words.add(node.asText()));
    return words;
  }
}
