package dev.countersign.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.countersign.policy",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule reachesOnlyJava =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "dev.countersign.policy..");

  @ArchTest
  static final ArchRule hasNoClockAndNoChance =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.time\\.(Clock|Instant)|java\\.util\\.(Random|UUID)|java\\.security\\..*");

  @ArchTest
  static final ArchRule shellKnowsNothingAboveIt =
      noClasses()
          .that()
          .resideInAPackage("..policy.shell..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.countersign.policy",
              "dev.countersign.policy.rules..",
              "dev.countersign.policy.parts..",
              "dev.countersign.policy.tools..");
}
