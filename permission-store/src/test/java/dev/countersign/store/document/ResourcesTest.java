package dev.countersign.store.document;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ResourcesTest {
  @Test
  void everyResourceLiesWithinItsTool() {
    assertTrue(Resources.isNarrower("anything", null));
  }

  @Test
  void whatAPatternNamesLiesWithinIt() {
    assertTrue(Resources.isNarrower("git push origin", "git push *"));
    assertTrue(Resources.isNarrower("a.example.com", "*.example.com"));
    assertTrue(Resources.isNarrower("*.a.example.com", "*.example.com"));
    assertTrue(Resources.isNarrower("/src/a/b.java", "/src/**"));
    assertTrue(Resources.isNarrower("xaybzc", "x*y*z*"));
    assertFalse(Resources.isNarrower("example.com", "*.example.com"));
    assertFalse(Resources.isNarrower("*.example.com", "a.example.com"));
    assertFalse(Resources.isNarrower("xaybz", "x*y*zz"));
  }

  @Test
  void aNeverWithoutAStarAlsoNamesFurtherArgumentsAndWhatIsInAFolder() {
    assertTrue(Resources.isNarrower("git push origin", "git push"));
    assertTrue(Resources.isNarrower("/etc/passwd", "/etc"));
    assertTrue(Resources.isNarrower("/etc/passwd", "/etc/"));
    assertFalse(Resources.isNarrower("git pushing", "git push"));
    assertFalse(Resources.isNarrower("/etcetera", "/etc"));
  }

  @Test
  void nothingIsNarrowerThanItself() {
    assertFalse(Resources.isNarrower("git push *", "git push *"));
  }
}
