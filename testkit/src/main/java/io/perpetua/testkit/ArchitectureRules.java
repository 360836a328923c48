package io.perpetua.testkit;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.lang.ArchRule;
import java.util.stream.Stream;

/** Who may depend on whom in a service: the same in every one, whatever its package. */
public final class ArchitectureRules {
    private ArchitectureRules() {}

    /** {@code api -> app -> domain; messaging -> app; app -> persistence -> domain}. */
    public static ArchRule arrowsPointInwards(String service) {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("api")
                .definedBy(service + ".api..")
                .layer("messaging")
                .definedBy(service + ".messaging..")
                .layer("app")
                .definedBy(service + ".app..")
                .layer("persistence")
                .definedBy(service + ".persistence..")
                .layer("domain")
                .definedBy(service + ".domain..")
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("messaging")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("app")
                .mayOnlyBeAccessedByLayers("api", "messaging")
                .whereLayer("persistence")
                .mayOnlyBeAccessedByLayers("app", "api");
    }

    /**
     * Every operation that is not open to all says whether agents may call it: what is forgotten is
     * closed, and what is closed is meant to be.
     */
    public static ArchRule operationsSayWhetherAgentsMay() {
        return methods()
                .that()
                .areAnnotatedWith("jakarta.ws.rs.GET")
                .or()
                .areAnnotatedWith("jakarta.ws.rs.POST")
                .or()
                .areAnnotatedWith("jakarta.ws.rs.PUT")
                .or()
                .areAnnotatedWith("jakarta.ws.rs.PATCH")
                .or()
                .areAnnotatedWith("jakarta.ws.rs.DELETE")
                .should()
                .beAnnotatedWith("io.perpetua.edge.OpenToAgents")
                .orShould()
                .beAnnotatedWith("io.perpetua.edge.ClosedToAgents")
                .orShould()
                .beAnnotatedWith("jakarta.annotation.security.PermitAll")
                .orShould()
                .beDeclaredInClassesThat()
                .areAnnotatedWith("io.perpetua.edge.ClosedToAgents")
                .orShould()
                .beDeclaredInClassesThat()
                .areAnnotatedWith("jakarta.annotation.security.PermitAll");
    }

    /**
     * The domain knows itself, the contracts and Java without input or output.
     *
     * @param alsoAllowed packages of this service's trade besides, for instance of signatures
     */
    public static ArchRule domainIsPureJava(String service, String... alsoAllowed) {
        String domain = service + ".domain..";
        Stream<String> everywhere =
                Stream.of(
                        domain,
                        "io.perpetua.contracts..",
                        "java.lang..",
                        "java.math..",
                        "java.nio..",
                        "java.security..",
                        "java.time..",
                        "java.util..",
                        "org.jspecify.annotations..");
        return classes()
                .that()
                .resideInAPackage(domain)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        Stream.concat(everywhere, Stream.of(alsoAllowed)).toArray(String[]::new))
                .allowEmptyShould(true);
    }
}
