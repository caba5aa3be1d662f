package dev.countersign.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
  private static final Path DEFAULT = Path.of("/home/dev/.countersign");

  @Test
  void withoutOptions() {
    assertEquals(
        new Options(DEFAULT, false, 8080, false, false, Options.Files.NONE),
        Options.parse(List.of(), DEFAULT));
  }

  @Test
  void everyOption() {
    assertEquals(
        new Options(
            Path.of("/s p"),
            true,
            9000,
            true,
            true,
            new Options.Files(Path.of("/m"), Path.of("/t"), Path.of("/i"), Path.of("/p"))),
        Options.parse(
            List.of(
                "--state",
                "/s p",
                "--fresh",
                "--port=9000",
                "--demo",
                "--secure",
                "--managed-rules=/m",
                "--tools",
                "/t",
                "--imports=/i",
                "--profiles",
                "/p"),
            DEFAULT));
  }

  @ParameterizedTest
  @CsvSource({
    "--stat, unknown option --stat",
    "--port, --port needs a value",
    "--port=, --port needs a value",
    "--port=http, --port must be a number",
    "--port=0, --port must be a number",
    "--port=65533, --port must be a number from 1 to 65527",
    "--tools, --tools needs a value",
    "--fresh=yes, --fresh takes no value",
    "'--state=/a,b', --state may hold no comma",
    "--state=/a$b, --state may hold no comma",
  })
  void aMistakeIsNamed(String argument, String message) {
    LaunchException refused =
        assertThrows(LaunchException.class, () -> Options.parse(List.of(argument), DEFAULT));
    assertTrue(refused.getMessage().startsWith(message), refused::getMessage);
  }
}
