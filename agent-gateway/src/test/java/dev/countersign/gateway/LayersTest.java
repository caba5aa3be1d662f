package dev.countersign.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The gateway knows the protocol and the policy's words, and no other service. */
@AnalyzeClasses(
    packages = "dev.countersign.gateway",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule NO_OTHER_SERVICE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.countersign.approval..",
              "dev.countersign.store..",
              "dev.countersign.embedded..",
              "dev.countersign.local..");

  @ArchTest
  static final ArchRule HTTP_HELPERS_KNOW_NO_FLOW =
      noClasses()
          .that()
          .resideInAPackage("dev.countersign.gateway.http..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.countersign.gateway.requests..",
              "dev.countersign.gateway.sessions..",
              "dev.countersign.gateway.hooks..",
              "dev.countersign.gateway.prompts..");
}
