package io.perpetua.accounts;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
        packages = "io.perpetua.accounts",
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String SERVICE = "io.perpetua.accounts";

    @ArchTest
    static final ArchRule ARROWS_POINT_INWARDS =
            layeredArchitecture()
                    .consideringOnlyDependenciesInLayers()
                    .withOptionalLayers(true)
                    .layer("api")
                    .definedBy(SERVICE + ".api..")
                    .layer("messaging")
                    .definedBy(SERVICE + ".messaging..")
                    .layer("app")
                    .definedBy(SERVICE + ".app..")
                    .layer("persistence")
                    .definedBy(SERVICE + ".persistence..")
                    .layer("domain")
                    .definedBy(SERVICE + ".domain..")
                    .whereLayer("api")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("messaging")
                    .mayNotBeAccessedByAnyLayer()
                    .whereLayer("app")
                    .mayOnlyBeAccessedByLayers("api", "messaging")
                    .whereLayer("persistence")
                    .mayOnlyBeAccessedByLayers("app", "api");

    @ArchTest
    static final ArchRule DOMAIN_IS_PURE_JAVA =
            classes()
                    .that()
                    .resideInAPackage(SERVICE + ".domain..")
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            SERVICE + ".domain..",
                            "io.perpetua.contracts..",
                            "java.lang..",
                            "java.math..",
                            "java.nio..",
                            "java.security..",
                            "java.time..",
                            "java.util..",
                            "java.net",
                            "javax.crypto..",
                            "org.web3j.crypto..",
                            "org.jspecify.annotations..")
                    .allowEmptyShould(true);
}
