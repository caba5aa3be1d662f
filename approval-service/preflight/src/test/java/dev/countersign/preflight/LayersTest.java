package dev.countersign.preflight;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Of the project it knows the protocol, and what judges knows no framework. */
@AnalyzeClasses(
    packages = "dev.countersign.preflight",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule KNOWS_THE_PROTOCOL_ALONE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.countersign.approval..",
              "dev.countersign.store..",
              "dev.countersign.gateway..",
              "dev.countersign.policy..",
              "dev.countersign.document..",
              "dev.countersign.door..",
              "dev.countersign.meters..");

  @ArchTest
  static final ArchRule WHAT_JUDGES_ASKS_NOBODY =
      classes()
          .that()
          .haveSimpleName("Settings")
          .or()
          .haveSimpleName("TopicCheck")
          .or()
          .haveSimpleName("ClockCheck")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "dev.countersign.protocol..", "dev.countersign.preflight..");
}
