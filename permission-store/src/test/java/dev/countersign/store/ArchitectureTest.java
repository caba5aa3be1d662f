package dev.countersign.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.countersign.store",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule noServiceKnowsAnother =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.countersign.approval..",
              "dev.countersign.gateway..",
              "dev.countersign.embedded..",
              "dev.countersign.local..");

  @ArchTest
  static final ArchRule documentsAreChangedWithoutAnyFramework =
      classes()
          .that()
          .resideInAPackage("..store.document..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "com.fasterxml.jackson..",
              "dev.countersign.document..",
              "dev.countersign.protocol..",
              "dev.countersign.store.document..");

  @ArchTest
  static final ArchRule everyWriterGoesThroughTheSameDoor =
      noClasses()
          .that()
          .resideOutsideOfPackages("..store.writing..", "..store.users..")
          .should()
          .dependOnClassesThat()
          .haveSimpleName("PermissionWriter");

  @ArchTest
  static final ArchRule whatIsStoredKnowsNoWayIn =
      noClasses()
          .that()
          .resideInAPackage("..store.users..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "..store.commands..", "..store.http..", "..store.publishing..", "..store.writing..");
}
