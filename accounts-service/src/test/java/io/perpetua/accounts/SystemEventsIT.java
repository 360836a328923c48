package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import io.perpetua.edge.system.SystemEventsConfig;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the service records of itself, and who reads it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SystemEventsIT {
    private static final String EVENTS = "/v1/admin/system-events";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject SystemEvents events;
    @Inject SystemEventsConfig config;
    @Inject TestClock clock;

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @AfterEach
    void resetTheClock() {
        clock.reset();
    }

    /** In SQL: a clock that a test has set ahead voids tokens. */
    private String ofType(SystemEventType type, String what) {
        try {
            return sql(
                    "accounts_owner",
                    "select (" + what + ")::text from system_event where type = '" + type + "'");
        } catch (SQLException failed) {
            throw new AssertionError(failed);
        }
    }

    private int rows(SystemEventType type) {
        return Integer.parseInt(ofType(type, "count(*)"));
    }

    private String newestData(SystemEventType type) {
        return ofType(type, "(array_agg(data::text order by event_id desc))[1]");
    }

    private static Response read(String type) {
        return TestAdmin.root().request().queryParam("type", type).get(EVENTS);
    }

    private int sum(SystemEventType type) {
        return Integer.parseInt(ofType(type, "coalesce(sum(count), 0)"));
    }

    /** Nothing of what other tests recorded is left to be written, and the next is at once. */
    private void settle(SystemEventType type) {
        int before = sum(type);
        events.record(type, Map.of());
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            clock.advance(Duration.ofSeconds(61));
                            return sum(type) > before;
                        });
        clock.advance(Duration.ofSeconds(61));
    }

    @Test
    void shouldTellThatTheServiceStartedAndRunsItsShards() {
        for (SystemEventType type :
                List.of(
                        SystemEventType.SERVICE_STARTED,
                        SystemEventType.SERVICE_READY,
                        SystemEventType.SHARDS_TAKEN)) {
            Awaitility.await().atMost(PATIENCE).until(() -> sum(type) >= 1);
            read(type.name())
                    .then()
                    .statusCode(200)
                    .body("items[0].severity", equalTo("INFO"))
                    .body("items[0].type", equalTo(type.name()));
        }
        assertThat(read("SHARDS_TAKEN").<String>path("items[0].data"))
                .contains("\"shards\":{\"accounts-", "\"instance\":\"accounts-service");
    }

    @Test
    void shouldWriteATypeAtMostOnceAMinuteWithHowOftenItHappened() {
        SystemEventType type = SystemEventType.RECONCILIATION_MISSED;
        SystemEventType other = SystemEventType.SECRETS_REWRAPPED;
        settle(type);
        settle(other);
        int before = sum(type);
        int rows = rows(type);
        int others = sum(other);
        for (int i = 0; i < 20; i++) {
            events.record(type, Map.of("time", i));
        }
        Awaitility.await().atMost(PATIENCE).until(() -> sum(type) > before);
        int first = sum(type);
        events.record(type, Map.of("time", 20));
        events.record(other, Map.of());
        Awaitility.await().atMost(PATIENCE).until(() -> sum(other) == others + 1);

        assertThat(rows(type)).isEqualTo(rows + 1);
        assertThat(sum(type)).isEqualTo(first);

        clock.advance(Duration.ofSeconds(61));
        Awaitility.await().atMost(PATIENCE).until(() -> sum(type) == before + 21);
        assertThat(rows(type)).isLessThanOrEqualTo(rows + 2);
        assertThat(newestData(type)).contains("\"time\":20");
    }

    @Test
    void shouldLeaveOutDataThatIsTooLong() {
        SystemEventType type = SystemEventType.RECONCILIATION_DIFFERENCE;
        settle(type);
        int before = sum(type);
        events.record(type, Map.of("text", "x".repeat(5_000)));

        Awaitility.await().atMost(PATIENCE).until(() -> sum(type) == before + 1);

        assertThat(newestData(type)).contains("\"tooLong\":true").hasSizeLessThan(200);
    }

    @Test
    void shouldFindBySeverityAndTime() {
        events.record(SystemEventType.AUDIT_CHAIN_BROKEN, Map.of("entry", 1));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> sum(SystemEventType.AUDIT_CHAIN_BROKEN) >= 1);

        List<String> critical =
                TestAdmin.root()
                        .request()
                        .queryParam("severity", "CRITICAL")
                        .get(EVENTS)
                        .path("items.severity");
        assertThat(critical).isNotEmpty().containsOnly("CRITICAL");
        Response page = TestAdmin.root().request().queryParam("limit", 1).get(EVENTS);
        assertThat(page.<List<String>>path("items")).hasSize(1);
        assertThat(
                        TestAdmin.root()
                                .request()
                                .queryParam("limit", 1)
                                .queryParam("cursor", page.<String>path("nextCursor"))
                                .get(EVENTS)
                                .<String>path("items[0].id"))
                .isNotEqualTo(page.<String>path("items[0].id"));
        TestAdmin.root()
                .request()
                .queryParam("from", "2100-01-01T00:00:00Z")
                .get(EVENTS)
                .then()
                .statusCode(200)
                .body("items.size()", equalTo(0));
        TestAdmin.root()
                .request()
                .queryParam("to", "2000-01-01T00:00:00Z")
                .get(EVENTS)
                .then()
                .body("items.size()", equalTo(0));
        TestAdmin.root()
                .request()
                .queryParam("severity", "AWFUL")
                .get(EVENTS)
                .then()
                .statusCode(400)
                .body("field", equalTo("severity"))
                .body("allowed", equalTo(List.of("INFO", "WARNING", "CRITICAL")));
    }

    @Test
    void shouldShowThemToWhoMayReadTheAuditLogAlone() {
        TestAdmin.make("system-events-1", "RISK_MANAGER")
                .request()
                .get(EVENTS)
                .then()
                .statusCode(403);
        given().get(EVENTS).then().statusCode(401);
        TestWallet.generate().signIn().request().get(EVENTS).then().statusCode(401);
        assertThatThrownBy(() -> sql("accounts_api", "select 1 from system_event"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> sql("accounts_admin", "delete from system_event"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void shouldForgetThemAfterTheDaysThatAreSet() throws SQLException {
        int days = config.days();
        sql(
                "accounts_owner",
                """
                insert into system_event (type, severity, minute, at, count, data)
                select 'OLD_ONE', 'INFO', t, t, 1, '{}'
                from (select now() - interval '%d days' - n * interval '1 minute'
                      from generate_series(0, 1440) as n
                      union select now() - interval '%d days') as times (t)"""
                        .formatted(days + 1, days - 1));

        clock.advance(Duration.ofMinutes(61));

        Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () ->
                                sql(
                                                "accounts_owner",
                                                "select count(*)::text from system_event"
                                                        + " where type = 'OLD_ONE'")
                                        .equals("1"));
        sql("accounts_owner", "delete from system_event where type = 'OLD_ONE'");
    }

    private String sql(String role, String text) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", role, password);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(text)) {
                return "";
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }
}
