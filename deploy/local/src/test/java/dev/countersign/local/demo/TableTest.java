package dev.countersign.local.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    Table table = new Table("#", "asked", "by");
    table.row("1", "Bash npm run build", "rule");
    table.row("12", "Read", "a very long reason ".repeat(10));
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    table.print(new PrintStream(text, true, StandardCharsets.UTF_8));
    assertEquals(
        """
        #   asked               by
        --  ------------------  ------------------------------------------------------------
        1   Bash npm run build  rule
        12  Read                a very long reason a very long reason a very long reason a …
        """,
        text.toString(StandardCharsets.UTF_8));
  }
}
