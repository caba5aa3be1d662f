package dev.countersign.policy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs a file of cases, one JSON object a line with {@code expect} and perhaps {@code
 * expectDecidedBy} and {@code tier}, and counts how many came out as expected.
 */
public final class CorpusRunner {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CorpusRunner() {}

  /**
   * What a run showed.
   *
   * @param wrongAllows allowed although it must not be
   * @param missedDenies not denied although it must be
   * @param wrongStamps another {@code decidedBy} than expected
   * @param errors refused as a bad case
   */
  public record Result(
      int cases,
      int wrongAllows,
      int missedDenies,
      int wrongStamps,
      int errors,
      Map<String, int[]> rightOfAll) {}

  public static void main(String[] arguments) throws IOException {
    Result result = run(Path.of(arguments[0]), true);
    result
        .rightOfAll()
        .forEach((tier, c) -> System.out.println(tier + ": " + c[0] + " of " + c[1]));
    System.out.println(result);
  }

  /** Runs all cases of a file. */
  public static Result run(Path file, boolean show) throws IOException {
    int allows = 0;
    int denies = 0;
    int stamps = 0;
    int errors = 0;
    List<String> lines = Files.readAllLines(file);
    Map<String, int[]> tiers = new TreeMap<>();
    for (String line : lines) {
      Map<String, Object> one = JSON.readValue(line, new TypeReference<>() {});
      Map<String, Object> given = new HashMap<>(one);
      given.keySet().removeAll(List.of("tier", "expect", "expectDecidedBy", "note"));
      Map<String, Object> result = Evaluation.evaluate(given);
      String expect = (String) one.get("expect");
      String effect = (String) result.getOrDefault("effect", "error");
      Object stamp = one.get("expectDecidedBy");
      boolean right =
          switch (expect) {
            case "not_allow" -> effect.equals("ask") || effect.equals("deny");
            case "not_deny" -> effect.equals("ask") || effect.equals("allow");
            default -> effect.equals(expect);
          };
      boolean stamped = stamp == null || stamp.equals(result.get("decidedBy"));
      int[] counts =
          tiers.computeIfAbsent((String) one.getOrDefault("tier", "core"), t -> new int[2]);
      counts[0] += right ? 1 : 0;
      counts[1]++;
      allows += effect.equals("allow") && !right ? 1 : 0;
      denies += expect.equals("deny") && !right ? 1 : 0;
      stamps += stamped ? 0 : 1;
      errors += effect.equals("error") ? 1 : 0;
      if (show && !(right && stamped)) {
        String shown = JSON.writeValueAsString(one);
        System.out.println(
            (effect.equals("allow") && !right ? "!! " : "   ")
                + expect
                + " "
                + stamp
                + " -> "
                + effect
                + " "
                + result.get("decidedBy")
                + " | "
                + (shown.length() > 700 ? shown.substring(0, 700) : shown)
                + "\n       "
                + (result.containsKey("error") ? result.get("error") : result.get("reason")));
      }
    }
    return new Result(lines.size(), allows, denies, stamps, errors, tiers);
  }
}
