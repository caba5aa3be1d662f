package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.protocol.UserDocument;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each kind of change, whether it widens, and how it reads. */
class DifferenceTest {
  private static final String SOON = "2030-01-01T00:00:00Z";
  private static final String LATE = "2040-01-01T00:00:00Z";

  private static UserDocument read(String tools) {
    return document("{}", tools);
  }

  private static UserDocument document(String rules, String tools) {
    try {
      String json = "{'rules': %s, 'tools': %s}".formatted(rules, tools).replace('\'', '"');
      return DocumentReader.read(json);
    } catch (InvalidDocumentException e) {
      throw new AssertionError(e);
    }
  }

  private static void tightens(UserDocument before, UserDocument after, String... lines) {
    Difference difference = Difference.between(before, after);
    assertEquals(
        List.of(lines), difference.changes().stream().map(Difference.Change::text).toList());
    assertFalse(difference.widens(), difference::toString);
  }

  private static void widens(UserDocument before, UserDocument after, String... lines) {
    Difference difference = Difference.between(before, after);
    assertEquals(List.of(lines), difference.widening(), difference::toString);
    assertTrue(difference.widens(), difference::toString);
  }

  private static UserDocument tool(String level) {
    return read(level == null ? "{}" : "{'Bash': {'level': '%s'}}".formatted(level));
  }

  private static UserDocument resource(String name, String level, String until) {
    String end = until == null ? "" : ", 'until': '" + until + "'";
    return read("{'Bash': {'resources': {'%s': {'level': '%s'%s}}}}".formatted(name, level, end));
  }

  private static UserDocument beside(String whole, String name, String level) {
    return read(
        "{'Bash': {'level': '%s', 'resources': {'%s': {'level': '%s'}}}}"
            .formatted(whole, name, level));
  }

  @Test
  void nothingChangedIsNoDifference() {
    assertEquals(List.of(), Difference.between(tool("ask"), tool("ask")).changes());
  }

  @Test
  void aStricterLevelTightens() {
    tightens(tool(null), tool("ask"), "Bash: nothing → ask");
    tightens(tool(null), tool("never"), "Bash: nothing → never");
    tightens(tool("always"), tool("ask"), "Bash: always → ask");
    tightens(tool("always"), tool("never"), "Bash: always → never");
    tightens(tool("ask"), tool("never"), "Bash: ask → never");
    tightens(tool("always"), tool(null), "Bash: always → nothing");
  }

  @Test
  void aLooserLevelWidens() {
    widens(tool(null), tool("always"), "Bash: nothing → always");
    widens(tool("ask"), tool("always"), "Bash: ask → always");
    widens(tool("never"), tool("always"), "Bash: never → always");
    widens(tool("never"), tool("ask"), "Bash: never → ask");
    widens(tool("ask"), tool(null), "Bash: ask → nothing");
    widens(tool("never"), tool(null), "Bash: never → nothing");
  }

  @Test
  void resourcesReadAsTheyStand() {
    widens(
        resource("git push *", "ask", null),
        resource("git push *", "always", null),
        "Bash \"git push *\": ask → always");
    tightens(
        resource("git push *", "always", null),
        resource("git push *", "never", null),
        "Bash \"git push *\": always → never");
  }

  @Test
  void anAlwaysMayEndEarlierButNotLater() {
    UserDocument forever = resource("make", "always", null);
    UserDocument late = resource("make", "always", LATE);
    UserDocument soon = resource("make", "always", SOON);
    tightens(forever, late, "Bash \"make\": always → always until " + LATE);
    tightens(late, soon, "Bash \"make\": always until %s → always until %s".formatted(LATE, SOON));
    widens(soon, late, "Bash \"make\": always until %s → always until %s".formatted(SOON, LATE));
    widens(soon, forever, "Bash \"make\": always until " + SOON + " → always");
  }

  @Test
  void aWholeToolMayHaveAnEndToo() {
    UserDocument forever = tool("always");
    UserDocument soon = read("{'Bash': {'level': 'always', 'until': '%s'}}".formatted(SOON));
    tightens(forever, soon, "Bash: always → always until " + SOON);
    widens(soon, forever, "Bash: always until " + SOON + " → always");
    UserDocument never = read("{'Bash': {'level': 'never', 'until': '%s'}}".formatted(SOON));
    widens(tool("never"), never, "Bash: never → never until " + SOON);
    tightens(never, tool("never"), "Bash: never until " + SOON + " → never");
  }

  @Test
  void whatForbidsMayEndLaterButNotEarlier() {
    for (String level : List.of("ask", "never")) {
      UserDocument forever = resource("make", level, null);
      UserDocument soon = resource("make", level, SOON);
      tightens(soon, forever, "Bash \"make\": %s until %s → %s".formatted(level, SOON, level));
      widens(forever, soon, "Bash \"make\": %s → %s until %s".formatted(level, level, SOON));
    }
    widens(
        resource("make", "ask", null),
        resource("make", "never", SOON),
        "Bash \"make\": ask → never until " + SOON);
  }

  @Test
  void anAskThatWouldCountInsteadOfANeverWidens() {
    UserDocument never = tool("never");
    widens(never, beside("never", "git push", "ask"), "Bash \"git push\": nothing → ask");
    widens(never, beside("never", "git *", "ask"), "Bash \"git *\": nothing → ask");
    UserDocument pattern = resource("git *", "never", null);
    UserDocument exact =
        read("{'Bash':{'resources':{'git *':{'level':'never'},'git push':{'level':'ask'}}}}");
    widens(pattern, exact, "Bash \"git push\": nothing → ask");
    UserDocument two =
        read("{'Bash':{'resources':{'git *':{'level':'never'},'git p*':{'level':'ask'}}}}");
    tightens(pattern, two, "Bash \"git p*\": nothing → ask");
    tightens(
        pattern,
        read("{'Bash':{'level':'ask','resources':{'git *':{'level':'never'}}}}"),
        "Bash: nothing → ask");
    tightens(
        beside("always", "git push", "always"),
        beside("always", "git push", "ask"),
        "Bash \"git push\": always → ask");
  }

  @Test
  void rulesThatForbidMayComeAndRulesThatAllowMayGo() {
    UserDocument none = document("{}", "{}");
    UserDocument allow = document("{'allow': ['Bash(npm run *)']}", "{}");
    UserDocument ask = document("{'ask': ['Bash(npm run *)']}", "{}");
    UserDocument deny = document("{'deny': ['Read(~/.ssh/**)']}", "{}");
    tightens(none, deny, "rule deny Read(~/.ssh/**): added");
    tightens(none, ask, "rule ask Bash(npm run *): added");
    tightens(allow, none, "rule allow Bash(npm run *): removed");
    widens(none, allow, "rule allow Bash(npm run *): added");
    widens(deny, none, "rule deny Read(~/.ssh/**): removed");
    widens(ask, none, "rule ask Bash(npm run *): removed");
    widens(ask, allow, "rule ask Bash(npm run *): removed", "rule allow Bash(npm run *): added");
  }

  @Test
  void oneChangeThatWidensIsEnoughAndStandsFirst() {
    Difference difference =
        Difference.between(tool(null), read("{'A': {'level': 'never'}, 'B': {'level': 'always'}}"));
    assertEquals("B: nothing → always", difference.changes().get(0).text());
    assertEquals(List.of("B: nothing → always"), difference.widening());
    assertEquals(2, difference.changes().size());
  }

  @Test
  void nothingAnAgentWritesHidesWhatIsShown() {
    UserDocument spoofed =
        new UserDocument(
            1, null, java.util.Map.of("Bash\u202Eksa", new UserDocument.Tool("always", null)));
    assertEquals(
        List.of("Bash\\u{202e}ksa: nothing → always"),
        Difference.between(UserDocument.EMPTY, spoofed).widening());
  }

  @Test
  void whatCannotBeReadWidens() {
    UserDocument unknown =
        new UserDocument(1, null, java.util.Map.of("A", new UserDocument.Tool("perhaps", null)));
    assertTrue(Difference.between(unknown, tool("never")).widens());
    assertTrue(Difference.between(tool(null), unknown).widens());
    UserDocument broken =
        new UserDocument(
            1, new dev.countersign.protocol.RuleSet(null, null, List.of("Bash(")), null);
    assertTrue(
        Difference.between(broken, new UserDocument(1, broken.rules(), tool("never").tools()))
            .widens());
  }
}
