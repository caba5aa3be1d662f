package dev.countersign.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the examples of direct agents refuse before they speak to a broker: there is none. */
@Timeout(300)
class DirectExampleTest {
  @TempDir private Path folder;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void login() throws IOException {
    Path login = Files.writeString(folder.resolve("login"), "sasl.username=a\nsasl.password=b\n");
    environment.put("COUNTERSIGN_KAFKA", "127.0.0.1:1");
    environment.put("COUNTERSIGN_KAFKA_LOGIN", login.toString());
    environment.put("COUNTERSIGN_SESSION", "session");
    environment.put("COUNTERSIGN_AGENT_TOKEN", "token");
  }

  private DirectRun.Result run(DirectExample example, String... arguments) {
    assumeInstalled(example);
    return example.start(folder, environment, arguments).result();
  }

  private static void assumeInstalled(DirectExample example) {
    assumeTrue(
        example.missing().isEmpty(),
        () -> "%s skipped: this machine lacks %s".formatted(example, example.missing().get()));
  }

  /** Who forgets the quotes of {@code npm test} asks about nothing, least of all {@code npm}. */
  @ParameterizedTest
  @EnumSource
  void eachTakesExactlyOneCommand(DirectExample example) {
    run(example, "npm", "test").assertFailed("usage: .*COMMAND");
    run(example).assertFailed("usage: .*COMMAND");
  }

  @ParameterizedTest
  @EnumSource
  void theWaitIsAWholeNumberAboveZero(DirectExample example) {
    for (String wait : List.of("0.5", "\"x\"", "0", "-1", "1e3")) {
      environment.put("COUNTERSIGN_WAIT_SECONDS", wait);
      run(example, "ls").assertFailed("COUNTERSIGN_WAIT_SECONDS must be a whole number above 0");
    }
  }

  /** The others find it out from the system. */
  @ParameterizedTest
  @EnumSource(names = {"JAVA", "SHELL"})
  void aMissingHomeIsNoDenial(DirectExample example) {
    environment.put("HOME", null);

    run(example, "ls").assertFailed("set HOME");
  }

  /** It has no canonical JSON, and so there is nothing to ask. The others replace such a byte. */
  @Test
  void pythonRefusesACommandThatIsNoText() {
    assumeInstalled(DirectExample.PYTHON);
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "exec \"$@\" $'ls \\xff'", "bash"));
    command.addAll(DirectExample.PYTHON.command());

    DirectExample.PYTHON.start(folder, environment, command).result().assertFailed("utf-8");
  }
}
