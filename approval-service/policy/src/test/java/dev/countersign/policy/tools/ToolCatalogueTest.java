package dev.countersign.policy.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.policy.OverrideLevel;
import dev.countersign.policy.ToolKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ships, and what an operator's file may and must not do to it. */
class ToolCatalogueTest {
  private static final String GROUP = "[mcp__books] The bookkeeping server";

  private static ToolCatalogue extended(String... lines) throws InvalidToolsException {
    List<String> all = new ArrayList<>(List.of(GROUP));
    all.addAll(List.of(lines));
    return ToolCatalogue.shipped().extended(all);
  }

  private static InvalidToolsException refused(String... lines) {
    return assertThrows(InvalidToolsException.class, () -> extended(lines));
  }

  @Test
  void everyShippedToolIsDescribedAndInAGroup() {
    for (ToolEntry tool : ToolCatalogue.shipped().all()) {
      assertNotNull(tool.description(), tool.name());
      ToolGroup group = ToolCatalogue.shipped().group(tool.group()).orElseThrow();
      assertTrue(group.tools().contains(tool), tool.name());
      assertFalse(ToolCatalogue.shipped().knows(group.name()), group.name());
    }
  }

  @Test
  void shippedToolsKeepTheRulesOfAnOperatorsFile() {
    List<String> exceptions = List.of("EnterPlanMode", "ExitPlanMode", "exit_plan_mode");
    for (ToolEntry tool : ToolCatalogue.shipped().all()) {
      if (!exceptions.contains(tool.name())) {
        assertEquals(List.of(), ToolCheck.of(tool), tool.name());
      }
    }
  }

  @Test
  void messagingIsAllowedByDefaultAndHidden() {
    for (String name : List.of("send_reply", "send_media_reply")) {
      ToolEntry tool = ToolCatalogue.shipped().entry(name);
      assertEquals(OverrideLevel.ALWAYS, tool.defaultLevel());
      assertTrue(tool.hidden());
      ToolGroup group = ToolCatalogue.shipped().group(tool.group()).orElseThrow();
      assertTrue(group.hidden(), "nothing visible is left in " + group.name());
    }
    assertEquals(1, ToolCatalogue.shipped().groups().stream().filter(ToolGroup::hidden).count());
    assertEquals(
        List.of("send_reply", "send_media_reply"),
        ToolCatalogue.shipped().all().stream()
            .filter(t -> t.defaultLevel() == OverrideLevel.ALWAYS)
            .map(ToolEntry::name)
            .toList());
  }

  @Test
  void aToolNobodyListedIsOther() {
    ToolEntry unknown = ToolCatalogue.shipped().entry("qb_query");
    assertEquals(ToolKind.OTHER, unknown.kind());
    assertEquals(null, unknown.defaultLevel());
    assertFalse(ToolCatalogue.shipped().knows("qb_query"));
  }

  @Test
  void anOperatorAddsToolsAndSetsDefaults() throws InvalidToolsException {
    ToolCatalogue tools =
        ToolCatalogue.shipped()
            .extended(
                List.of(
                    "# our tools",
                    "WebSearch  =  =  always",
                    "send_reply other - ask hidden",
                    "",
                    GROUP,
                    "mcp__books__query  other    -     always  | Asks the books",
                    "mcp__books__delete other    -     never   hidden name?=id | Deletes a booking",
                    "mcp__books__run    execute  Bash  ask     command=script | Runs a script",
                    "[claude-code]",
                    "OurNotes           edit     Edit  -       path=file | Writes notes"));
    assertEquals(OverrideLevel.ALWAYS, tools.entry("WebSearch").defaultLevel());
    assertEquals("Searches the web", tools.entry("WebSearch").description());
    assertEquals(OverrideLevel.ASK, tools.entry("send_reply").defaultLevel());
    assertTrue(tools.entry("send_reply").hidden());
    assertEquals(
        List.of("mcp__books__query", "mcp__books__run"),
        tools.group("mcp__books").orElseThrow().visible().stream().map(ToolEntry::name).toList());
    assertEquals("claude-code", tools.entry("OurNotes").group());
    assertEquals(List.of("id"), tools.entry("mcp__books__delete").fields().get("name?"));
    assertFalse(ToolCatalogue.shipped().knows("mcp__books__query"), "what ships stays as it is");
    assertEquals(
        ToolCatalogue.shipped().entry("Bash"), tools.entry("Bash"), "the rest stays as it is");
  }

  @Test
  void everyLineAtFaultIsListed() {
    InvalidToolsException e =
        refused(
            "a_tool  othr  -  -  | One",
            "# fine",
            "b_tool  other  -  -  | Two",
            "c_tool  other",
            "Bash    think  -  always",
            "b_tool  other  -  -  | Two again");
    assertEquals(List.of(2, 5, 6, 7), e.problems().stream().map(p -> p.line()).toList());
    assertTrue(e.getMessage().contains("line 2: \"othr\" is no kind"), e.getMessage());
    assertTrue(e.getMessage().contains("[Bash    think  -  always]"), e.getMessage());
  }

  /** Anything here would let a call run that is asked or denied today. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bash  think  -  -",
        "Bash  execute  -  -  command=command",
        "Bash  execute  Bash  -  command=other",
        "Bash  =  =  -  command=other",
        "Bash  =  =  always",
        "Edit  =  =  always",
        "Read  =  =  always",
        "WebFetch  =  =  always",
        "PowerShell  =  =  always",
        "ExitPlanMode  =  =  always",
        "delete_file  =  =  always",
        "Glob  =  =  always",
        "Bash  =  =  -  hidden",
        "Bash  =  =  -  | Prints the date",
        "BASH  think  -  -  | Runs a command",
        "Delete  think  -  -  | x",
      })
  void nothingShippedIsWeakened(String line) {
    assertEquals(1, refused(line).problems().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "t execute -    -  command=c | x; rules about Bash must cover it",
        "t other   -    -  command=c | x; kind execute",
        "t think   Bash -  argv=c | x; kind execute",
        "t fetch   -    -  url=u | x; rules about WebFetch must cover it",
        "t think   -    -  url=u | x; kind fetch",
        "t read    -    -  path=p | x; rules about Read must cover it",
        "t edit    Read -  path=p | x; rules about Edit must cover it",
        "t think   -    -  path=p | x; kind read",
        "t other   -    -  path=p | x; kind read",
        "t think   -    -  patch=p | x; kind edit",
        "t read    Read - | x; says with path which file",
        "t search  Read - | x; says with path which file",
        "t edit    Edit -  path?=p | x; may leave the path out",
        "t read    Read -  path?=p | x; may leave the path out",
        "t move    Edit -  destination=d | x; says with path which file",
        "t switch_mode - - | x; has the field mode",
        "t think   -    -  mode=m | x; has the field mode",
        "t other   Edit - | x; names nothing that rules about Edit look at",
        "t think   Agent - | x; look at a field name",
        "t execute Bash always command=c | x; cannot be allowed by default",
        "t execute -    always | x; cannot be allowed by default",
        "t fetch   WebFetch always url=u | x; cannot be allowed by default",
        "t edit    Edit always path=p | x; cannot be allowed by default",
        "t =       =    ask | x; no such tool ships",
        "t other   -    - ; say what the tool does",
        "t other   Foo  - | x; is no rule name",
        "t other   -    sometimes | x; is no default",
        "t other   -    - colour=c | x; is no role=field",
        "t other   -    - Bash | x; is no role=field",
        "t other   -    - name=a name?=b | x; given twice",
        "t other   -    - name=a( | x; names no input field",
        "t* other  -    - | x; a name has letters",
        "mcp__books other - - | x; is a group",
        "codex other - - | x; is a group",
      })
  void aNewToolMustNotEscapeTheRules(String line, String says) {
    InvalidToolsException e = refused(line);
    assertTrue(e.getMessage().contains(says), e.getMessage());
  }

  @Test
  void groupsAreNamedAndDescribed() {
    assertTrue(refused("[x").getMessage().contains("a group begins with"));
    assertTrue(refused("[new]").getMessage().contains("say what the group is"));
    assertTrue(refused("[Bash] Mine").getMessage().contains("is a tool"));
    assertTrue(refused("[codex] Other").getMessage().contains("is described as \"Codex\""));
    assertThrows(
        InvalidToolsException.class,
        () -> ToolCatalogue.shipped().extended(List.of("t other - - | no group yet")));
  }

  @Test
  void onlyTheCaseTellsNoToolFromAnother() {
    for (ToolEntry shipped : ToolCatalogue.shipped().all()) {
      String other = shipped.name().toUpperCase(Locale.ROOT);
      if (!ToolCatalogue.shipped().knows(other)) {
        assertTrue(refused(other + " other - - | x").getMessage().contains("only its case"), other);
      }
    }
  }
}
