package dev.countersign.approval.sessions;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.countersign.approval.config.ApprovalConfig;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefaultModeTest {
  private static SessionTransaction withDefault(String mode) {
    ApprovalConfig config =
        (ApprovalConfig)
            Proxy.newProxyInstance(
                DefaultModeTest.class.getClassLoader(),
                new Class<?>[] {ApprovalConfig.class},
                (proxy, method, args) -> Optional.ofNullable(mode));
    return new SessionTransaction(null, null, null, null, config);
  }

  @Test
  void aDefaultThatIsNoModeStopsTheStart() {
    withDefault(null).check(null);
    withDefault("plan").check(null);
    for (String word : new String[] {"Plan", "YOLO", ""}) {
      ConfigurationException e =
          assertThrows(ConfigurationException.class, () -> withDefault(word).check(null));
      assertTrue(e.getMessage().contains("dontAsk"), e.getMessage());
    }
  }
}
