package dev.countersign.local;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.countersign.embedded.BrokerSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class MachineTextTest {
  /** In Turkish, {@code FILE} in small letters is no {@code file}. */
  @Test
  void noCaseIsChangedByTheLanguageOfTheMachine() {
    JavaClasses main =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.countersign");
    assertTrue(main.contain(BrokerSettings.class), "the classes of the libraries are not read");
    for (String method : List.of("toLowerCase", "toUpperCase")) {
      noClasses().should().callMethod(String.class, method).check(main);
    }
  }
}
