package dev.countersign.preflight;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessGroupsTest {
  static Stream<Arguments> processes() {
    return Stream.of(
        Arguments.of(
            "a container's, with fsGroup 10001", "0\t0\t0\t0", "10001 ", Set.of(0L, 10001L)),
        Arguments.of("root's without others", "0\t0\t0\t0", " ", Set.of(0L)),
        Arguments.of("one of several groups", "5\t5\t5\t5", "4 5 6 ", Set.of(4L, 5L, 6L)),
        Arguments.of("one that changed its group", "5\t7\t7\t7", "", Set.of(7L)),
        Arguments.of(
            "the largest id",
            "4294967294\t4294967294\t4294967294\t4294967294",
            "",
            Set.of(4294967294L)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("processes")
  void theyAreTheGroupForFilesAndAllOthers(
      String process, String own, String others, Set<Long> groups) {
    String status =
        """
        Name:\tjava
        Umask:\t0022
        Ngid:\t9
        Uid:\t10001\t10001\t10001\t10001
        Gid:\t%s
        FDSize:\t256
        Groups:\t%s
        NStgid:\t8
        Threads:\t3
        """
            .formatted(own, others);
    assertEquals(groups, ProcessGroups.parse(status));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "Name:\tjava\nUid:\t1\t1\t1\t1\n"})
  void aTextThatDoesNotSayThemIsKnownAsSuch(String status) {
    assertEquals(Set.of(), ProcessGroups.parse(status));
  }
}
