package io.perpetua.orders;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.perpetua.testkit.ArchitectureRules;

@AnalyzeClasses(
        packages = ArchitectureTest.SERVICE,
        importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    static final String SERVICE = "io.perpetua.orders";

    @ArchTest
    static final ArchRule ARROWS_POINT_INWARDS = ArchitectureRules.arrowsPointInwards(SERVICE);

    @ArchTest
    static final ArchRule DOMAIN_IS_PURE_JAVA = ArchitectureRules.domainIsPureJava(SERVICE);

    @ArchTest
    static final ArchRule OPERATIONS_SAY_WHETHER_AGENTS_MAY =
            ArchitectureRules.operationsSayWhetherAgentsMay();
}
