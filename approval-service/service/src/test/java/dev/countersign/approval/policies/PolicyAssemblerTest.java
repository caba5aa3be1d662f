package dev.countersign.approval.policies;

import static dev.countersign.approval.Fixtures.NOW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.Fixtures;
import dev.countersign.policy.InvalidRulesException;
import dev.countersign.policy.PolicySource;
import dev.countersign.policy.RuleScope;
import dev.countersign.protocol.RuleSet;
import dev.countersign.protocol.UserDocument;
import dev.countersign.protocol.UserDocument.Entry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PolicyAssemblerTest {
  @Test
  void everyScopeFindsItsPlace() throws InvalidRulesException {
    RuleSet rules = new RuleSet(List.of("Bash(ls)"), List.of("Read"), List.of("Write"));
    UserDocument document = new UserDocument(1, rules, Map.of());
    PolicySource source =
        PolicyAssembler.assemble(
            Fixtures.settings("default", rules),
            List.of(Fixtures.settings("plan", rules)),
            document,
            ManagedRulesFile.parse("revision 1\nshipped-rules off\ndeny Bash(dd *)"),
            NOW);
    assertEquals(
        List.of(RuleScope.MANAGED, RuleScope.PROJECT, RuleScope.USER),
        source.rules().stream().map(r -> r.scope()).distinct().sorted().toList());
    assertEquals(3, source.ancestors().get(0).rules().size());
    assertEquals(false, source.shippedRules());
  }

  @Test
  void anOverrideThatEndedDoesNotCount() {
    Map<String, Entry> resources =
        Map.of(
            "a", new Entry("always", NOW.minusSeconds(1).toString()),
            "b", new Entry("always", NOW.plusSeconds(60).toString()),
            "c", new Entry("never", null));
    UserDocument document =
        new UserDocument(1, null, Map.of("Bash", new UserDocument.Tool("ask", resources)));
    PolicySource source =
        PolicyAssembler.assemble(
            Fixtures.settings("default", null), List.of(), document, ManagedRulesFile.NONE, NOW);
    assertEquals(3, source.overrides().size());
    assertEquals(Optional.of(NOW.plusSeconds(60)), PolicyAssembler.nextEnd(document, NOW));
  }

  @Test
  void managedRulesNeedARevisionAndReadableLines() throws InvalidRulesException {
    ManagedRulesFile file =
        ManagedRulesFile.parse("# ours\nrevision 7\n\ndeny Bash(aws *)\nask WebFetch\n");
    assertEquals(7, file.revision());
    assertTrue(file.shippedRules());
    assertEquals(2, file.rules().size());
    for (String bad :
        List.of("deny Bash(aws *)", "revision x\n", "revision 2\nforbid Bash", "revision 0\n")) {
      assertThrows(InvalidRulesException.class, () -> ManagedRulesFile.parse(bad), bad);
    }
  }
}
