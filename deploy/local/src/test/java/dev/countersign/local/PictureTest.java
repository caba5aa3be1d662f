package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A newcomer finds the class behind each arrow of the picture by its name. */
class PictureTest {
  private static final Pattern PICTURE = Pattern.compile("```mermaid\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern ARROW = Pattern.compile("(?m)^\\s*(\\w)-+>>(\\w):(.*)$");
  private static final Pattern CLASS = Pattern.compile("\\b[A-Z][a-z]+(?:[A-Z][a-z]+)*\\b");
  private static final Pattern QUOTED = Pattern.compile("`([A-Z][a-z]+(?:[A-Z][a-z]+)*)`");

  /** The services among the picture's participants. */
  private static final Map<String, String> FOLDERS =
      Map.of("G", "agent-gateway", "S", "approval-service/service", "T", "permission-store");

  private static final List<String> LIBRARIES =
      List.of(
          "approval-service/protocol",
          "approval-service/policy",
          "approval-service/document",
          "approval-service/door");

  private static final String TOOLS =
      "approval-service/policy/src/main/resources/dev/countersign/policy/tools.txt";

  private final Path root = Launched.CHECKOUT;

  @Test
  void everyArrowNamesClassesOfTheServicesItJoins() throws IOException {
    List<String> faults = new ArrayList<>();
    List<MatchResult> arrows = ARROW.matcher(picture()).results().toList();
    for (MatchResult arrow : arrows) {
      List<String> folders = new ArrayList<>(LIBRARIES);
      Stream.of(arrow.group(1), arrow.group(2))
          .distinct()
          .filter(FOLDERS::containsKey)
          .forEach(end -> folders.add(FOLDERS.get(end)));
      List<String> known = classes(folders);
      List<String> named = CLASS.matcher(arrow.group(3)).results().map(MatchResult::group).toList();
      if (named.isEmpty()) {
        faults.add("no class is named by:" + arrow.group(3));
      }
      named.stream()
          .filter(name -> known.stream().filter(name::equals).count() != 1)
          .forEach(name -> faults.add(name + " is not one class of " + folders));
    }

    assertTrue(arrows.size() > 10, "the picture has arrows");
    assertEquals(List.of(), faults);
  }

  @Test
  void everyClassThatTheDocumentsNameExists() throws IOException {
    List<String> known =
        new ArrayList<>(classes(List.of("approval-service", "permission-store", "agent-gateway")));
    known.addAll(tools());
    List<String> faults = new ArrayList<>();
    for (String page : List.of("architecture.md", "operations.md")) {
      QUOTED
          .matcher(Files.readString(root.resolve("docs").resolve(page)))
          .results()
          .map(match -> match.group(1))
          .filter(name -> !known.contains(name))
          .forEach(name -> faults.add(page + " names " + name + ", which does not exist"));
    }

    assertEquals(List.of(), faults);
  }

  /** The tools of the catalogue and the rule names that cover them. */
  private List<String> tools() throws IOException {
    try (Stream<String> lines = Files.lines(root.resolve(TOOLS))) {
      return lines
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Stream.of(line.split("\\s+")).limit(3))
          .toList();
    }
  }

  private String picture() throws IOException {
    String page = Files.readString(root.resolve("docs/architecture.md"));
    return PICTURE.matcher(page).results().map(m -> m.group(1)).collect(Collectors.joining());
  }

  private List<String> classes(List<String> folders) throws IOException {
    List<String> classes = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(root.resolve(folder))) {
        files
            .filter(file -> file.toString().contains("/src/main/java/"))
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(".java"))
            .map(name -> name.substring(0, name.length() - ".java".length()))
            .forEach(classes::add);
      }
    }
    return classes;
  }
}
