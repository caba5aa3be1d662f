package dev.countersign.store.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the readers understand, and where they say that they do not. */
class ReadersTest {
  private static final String MARKS = "[]{}\"'\\,:=#*()\u0000\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          x = 1                                    | 1 | 3  | only calls
          def f():                                 | 1 | 5  | only calls
          prefix_rule(["git"])                     | 1 | 13 | expected a name
          prefix_rule(pattern=P)                   | 1 | 21 | no literal
          prefix_rule(pattern=["a"] + ["b"])       | 1 | 27 | expected ,
          prefix_rule(pattern=["a\\x41"])          | 1 | 25 | escape
          prefix_rule(pattern=["a)                 | 1 | 25 | closing quote
          prefix_rule(pattern=[f"a"])              | 1 | 22 | no literal
          prefix_rule(pattern=["a"], when="b")     | 1 | 33 | when is not known
          prefix_rule(pattern=["a"], decision="x") | 1 | 37 | none of
          other_rule(pattern=["a"])                | 1 | 1  | not known
          prefix_rule(decision="allow")            | 1 | 1  | list of words
          """)
  void rulesThatCouldMeanMoreThanIsSeenRefuseTheFile(
      String text, int line, int column, String why) {
    UnreadableFileException e =
        assertThrows(UnreadableFileException.class, () -> new CodexRules().read(text.strip()));
    assertEquals("malformed_file", e.code());
    assertEquals(line, e.fault().line(), e.getMessage());
    assertEquals(column, e.fault().column(), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void tomlFaultsNameTheirPlace() {
    UnreadableFileException e =
        assertThrows(
            UnreadableFileException.class, () -> new GeminiFiles().read("[[rule]]\ntoolName = \n"));
    assertEquals(2, e.fault().line(), e.getMessage());
    assertThrows(
        UnreadableFileException.class,
        () -> new GeminiFiles().read("[[rule]]\ntoolName=\"x\"\ndecision=\"perhaps\"\npriority=1"));
  }

  @Test
  void aPolicyThatGeminiWouldRefuseIsRefused() {
    String rule = "[[rule]]\ndecision = \"deny\"\npriority = 1\n";
    for (String line : List.of("mcpName = [\"a\"]", "toolName = 5", "commandPrefix = [1]")) {
      assertThrows(UnreadableFileException.class, () -> new GeminiFiles().read(rule + line), line);
    }
    assertThrows(
        UnreadableFileException.class, () -> new GeminiFiles().read("[rule]\ntoolName = \"x\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          git push            ; git push           ; true
          git (push|tag)      ; git push+git tag   ; true
          git\\s+push         ; git push           ; false
          rm -[a-z]*r         ; rm -               ; false
          a|b                 ;                    ; false
          npm (run )?build    ; npm                ; false
          make ([a-z]+|all)   ; make               ; false
          """)
  void regularExpressionsAreReadAsFarAsTheyAreLiteral(
      String regex, String beginnings, boolean exact) {
    LiteralRegex read = LiteralRegex.of(regex);
    List<String> expected = beginnings == null ? List.of() : List.of(beginnings.split("\\+"));
    assertEquals(expected, read.beginnings().stream().map(String::stripTrailing).toList());
    assertEquals(exact, read.exact());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          src/*          | /src/**          | /src/**
          src/*.ts       | /src/**/*.ts     | /src/**/*.ts
          *.env          | /**/*.env        | /**/*.env
          src/**/a.ts    | /src/*/**/a.t[s] | /src/**/a.ts
          README.md      | /README.m[d]     | /README.md
          src/gen-*.ts   |                  | /src/gen-*
          ~/notes/*      | ~/notes/**       | ~/notes/**
          /etc/*         | //etc/**         | //etc/**
          a?c            |                  | /a*
          ../x           |                  |
          """)
  void pathsAreNarrowForAnAllowAndWideForADeny(String theirs, String allow, String deny) {
    assertEquals(allow, ours(theirs, true));
    assertEquals(deny, ours(theirs, false));
  }

  private static String ours(String theirs, boolean allow) {
    return OpencodePaths.of(theirs, allow).pattern();
  }

  @Test
  void aFileThatCouldBeAnythingIsNotGuessed() {
    assertTrue(Format.guess("{}").isEmpty());
    assertTrue(Format.guess("hello").isEmpty());
    assertEquals(Format.OPENCODE, Format.guess("{\"permission\": \"ask\"}").orElseThrow());
    assertNull(Guesses.of("[1]"));
  }

  @Test
  void deepNestingIsRefused() {
    for (String open : List.of("[", "{\"a\":", "{a=")) {
      String json = "{\"permission\":" + open.repeat(50_000);
      assertThrows(UnreadableFileException.class, () -> new OpencodeSettings().read(json));
      String toml = "a = " + open.repeat(50_000);
      assertThrows(UnreadableFileException.class, () -> new GeminiFiles().read(toml));
      String rules = "prefix_rule(pattern=" + open.repeat(50_000);
      assertThrows(UnreadableFileException.class, () -> new CodexRules().read(rules));
    }
  }

  @Test
  void moreThanCanBeComparedIsRefused() {
    String many =
        IntStream.range(0, 5_000)
            .mapToObj("prefix_rule(pattern=[\"command-%d\"])"::formatted)
            .collect(Collectors.joining("\n"));
    UnreadableFileException e =
        assertThrows(UnreadableFileException.class, () -> new CodexRules().read(many));
    assertEquals("too_large", e.code());
  }

  @Test
  @Timeout(600)
  void aLargeFileIsComparedToItsLastLine() throws UnreadableFileException {
    StringBuilder json = new StringBuilder("{\"permission\": {\"bash\": {\"*\": \"ask\"");
    for (int i = 0; i < 2_500; i++) {
      json.append(",\"*a%d*\":\"%s\"".formatted(i, i % 3 == 0 ? "deny" : "allow"));
    }
    String text = json.append("}}}").toString();
    assertEquals(2_501, new OpencodeSettings().read(text).size());
  }

  /** Whatever is typed wrongly: the file is read, or refused in words; nothing else happens. */
  @Test
  void spoiltFilesAreReadOrRefused() throws IOException {
    Random random = new Random(5);
    for (Path sample : GoldenReportsTest.samples().toList()) {
      SettingsReader reader =
          Format.of(sample.getParent().getFileName().toString()).orElseThrow().reader();
      String text = Files.readString(sample);
      for (int i = 0; i < 150; i++) {
        String spoilt = spoilt(text, random);
        try {
          reader.read(spoilt).forEach(item -> item.entries().forEach(Entries::fault));
        } catch (UnreadableFileException e) {
          assertTrue(e.getMessage().length() > 10, e.getMessage());
        } catch (RuntimeException | StackOverflowError e) {
          throw new AssertionError(spoilt, e);
        }
      }
    }
  }

  private static String piece(String text, Random random) {
    int start = random.nextInt(text.length());
    return text.substring(start, Math.min(text.length(), start + random.nextInt(30)));
  }

  private static String spoilt(String text, Random random) {
    StringBuilder out = new StringBuilder(text);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(out.length());
      switch (random.nextInt(3)) {
        case 0 -> out.delete(at, Math.min(out.length(), at + 1 + random.nextInt(8)));
        case 1 -> out.insert(at, MARKS.charAt(random.nextInt(MARKS.length())));
        default -> out.insert(at, piece(text, random));
      }
    }
    return out.toString();
  }

  @Test
  void whatAReportShowsIsOneLine() {
    assertEquals("a\\u000ab\\u001b[31m", Texts.shown("a\nb\u001b[31m"));
    assertEquals(161, Texts.shown("x".repeat(500)).length());
  }
}
