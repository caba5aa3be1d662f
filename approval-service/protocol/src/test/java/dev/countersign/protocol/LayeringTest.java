package dev.countersign.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.countersign.protocol",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayeringTest {
  @ArchTest
  static final ArchRule reachesOnlyJavaJsonAndTokens =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "javax.crypto..",
              "dev.countersign.protocol..",
              "com.fasterxml.jackson..",
              "org.jose4j..",
              "org.erdtman..");

  @ArchTest
  static final ArchRule eventsDoNotKnowTokens =
      classes()
          .that()
          .resideInAPackage("dev.countersign.protocol")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("dev.countersign.protocol.token..");
}
