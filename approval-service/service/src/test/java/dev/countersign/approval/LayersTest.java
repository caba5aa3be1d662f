package dev.countersign.approval;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "dev.countersign.approval",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule DEPENDS_ON_NO_OTHER_SERVICE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.countersign.store..",
              "dev.countersign.gateway..",
              "dev.countersign.local..",
              "dev.countersign.embedded..");

  @ArchTest
  static final ArchRule JUDGES_ACT_ON_NOTHING =
      classes()
          .that()
          .haveSimpleNameEndingWith("Judge")
          .or()
          .haveSimpleName("SessionRules")
          .or()
          .haveSimpleName("Rejudgement")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "io.vertx..", "org.apache.kafka..", "io.smallrye..", "jakarta..");

  @ArchTest
  static final ArchRule HTTP_IS_AN_EDGE =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.countersign.approval.http..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.countersign.approval.http..");
}
