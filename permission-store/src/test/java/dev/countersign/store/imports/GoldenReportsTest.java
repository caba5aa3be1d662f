package dev.countersign.store.imports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.countersign.document.DocumentReader;
import dev.countersign.document.DocumentText;
import dev.countersign.protocol.UserDocument;
import dev.countersign.store.users.UserKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What settings files as people have them become: the report and the document stand beside each
 * file. {@code -Dgolden.write=true} writes them anew.
 */
class GoldenReportsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final Path SAMPLES = Path.of("src", "test", "resources", "imports");
  private static final String EXPECTED = ".expected.txt";

  static Stream<Path> samples() throws IOException {
    return Files.walk(SAMPLES)
        .filter(Files::isRegularFile)
        .filter(file -> !file.toString().endsWith(EXPECTED))
        .sorted();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void becomesWhatItsReportSays(Path sample) throws Exception {
    Format format = Format.of(sample.getParent().getFileName().toString()).orElseThrow();
    Upload upload = upload(sample, null);
    assertEquals(format, ReadFile.of(upload).format(), "guessed");
    ReadFile file = ReadFile.of(upload);
    boolean own = format == Format.PERMISSIONS;
    Merge.Merged merged = Merge.of(file.items(), UserDocument.EMPTY, own, NOW);
    String document = DocumentText.write(merged.document());
    String report =
        ReportText.of(new Outcomes(upload, file).would(merged, 0)) + "\n" + document + "\n";
    Path expected = sample.resolveSibling(sample.getFileName() + EXPECTED);
    if (Boolean.getBoolean("golden.write")) {
      Files.writeString(expected, report);
    }
    assertEquals(Files.readString(expected), report);
    DocumentReader.read(document.getBytes(StandardCharsets.UTF_8));
    assertFalse(Merge.of(file.items(), merged.document(), own, NOW).changed(), "a second time");
  }

  private static Upload upload(Path sample, Format format) throws IOException {
    return new Upload(
        new UserKey("default", "ann"),
        sample.getFileName().toString(),
        format,
        Files.readAllBytes(sample),
        Instant.EPOCH,
        "ann",
        true,
        true,
        false);
  }
}
