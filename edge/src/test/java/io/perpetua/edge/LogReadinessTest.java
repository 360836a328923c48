package io.perpetua.edge;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LogReadinessTest {
    private static final String CHECK = "checks.find { it.name == 'event log' }";

    @Inject SampleLog log;

    @AfterEach
    void recover() {
        log.become();
    }

    @Test
    void shouldBeReadyWhenTheLogHasNoProblems() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body(CHECK + ".status", equalTo("UP"));
    }

    @Test
    void shouldNameTheProblemsWhenTheLogHasSome() {
        log.become("shard 3 is not loaded", "replies: no broker");

        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body(CHECK + ".status", equalTo("DOWN"))
                .body(
                        CHECK + ".data.problems",
                        equalTo("shard 3 is not loaded; replies: no broker"));
    }
}
