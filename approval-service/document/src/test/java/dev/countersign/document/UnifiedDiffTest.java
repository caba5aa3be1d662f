package dev.countersign.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  private static String diff(String before, String after) {
    return UnifiedDiff.of("old", before, "new", after);
  }

  @Test
  void equalTextsHaveNoDiff() {
    assertEquals("", diff("a\nb", "a\nb"));
  }

  @Test
  void aChangedLineStandsWithItsNeighbours() {
    assertEquals(
        """
        --- old
        +++ new
        @@ -2,7 +2,7 @@
         b
         c
         d
        -e
        +E
         f
         g
         h
        """,
        diff("a\nb\nc\nd\ne\nf\ng\nh\ni", "a\nb\nc\nd\nE\nf\ng\nh\ni"));
  }

  @Test
  void changesFarApartHaveHunksOfTheirOwn() {
    String between = "\n1\n2\n3\n4\n5\n6\n7\n8";
    String both = diff("a" + between + "\nz", "A" + between + "\nZ");
    assertEquals(2, both.split("@@ -").length - 1, both);
  }

  @Test
  void nothingHidesInALine() {
    assertTrue(diff("a", "b\u202Ec\rd").contains("+b\\u{202e}c\\u{000d}d"));
  }

  @Test
  void whatIsTakenAndGivenIsExactlyTheDifference() {
    Random random = new Random(3);
    for (int i = 0; i < 500; i++) {
      List<String> before = lines(random);
      List<String> after = new ArrayList<>(before);
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(after.size() + 1);
        if (at < after.size() && random.nextBoolean()) {
          after.remove(at);
        } else {
          after.add(at, String.valueOf(random.nextInt(5)));
        }
      }
      String diff = diff(String.join("\n", before), String.join("\n", after));
      assertEquals(after.size() - before.size(), count(diff, '+') - count(diff, '-'), diff);
    }
  }

  private static List<String> lines(Random random) {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(30) + 6; i > 0; i--) {
      lines.add(String.valueOf(random.nextInt(5)));
    }
    return lines;
  }

  private static long count(String diff, char mark) {
    return diff.lines().skip(2).filter(line -> line.charAt(0) == mark).count();
  }
}
