package io.perpetua.accounts;

import static io.perpetua.testkit.OpenIdProvider.quoted;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.app.AdminAttempts;
import io.perpetua.accounts.app.AdminEntrance;
import io.perpetua.accounts.app.AdminSignInHandler.AdminSignInOutcome;
import io.perpetua.accounts.app.AdminTokens;
import io.perpetua.accounts.app.AdminTransactions;
import io.perpetua.accounts.app.IdTokens;
import io.perpetua.accounts.app.OidcSettings;
import io.perpetua.accounts.app.OidcSignInHandler;
import io.perpetua.accounts.app.OidcSignInHandler.OidcSignIn;
import io.perpetua.accounts.domain.admin.Totp;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminAttemptStore;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.SignInStore;
import io.perpetua.testkit.BackendsResource;
import io.perpetua.testkit.OpenIdProvider;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The sign-in by an OpenID provider, broken off before each of its statements in turn: a token
 * signs in once afterwards, and no attempt leaves half a sign-in behind.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
@QuarkusTestResource(OidcPort.class)
class OidcCrashIT {
    private static final String SUBJECT = "crashing";

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Inject TestClock clock;
    @Inject OidcSettings settings;
    @Inject IdTokens idTokens;
    @Inject AdminStore admins;
    @Inject SignInStore nonces;
    @Inject AdminAttemptStore attempts;
    @Inject AdminEntrance entrance;
    @Inject AdminTokens tokens;

    @Inject
    @DataSource("admin")
    AgroalDataSource pool;

    private OpenIdProvider provider;
    private TestAdmin admin;

    @BeforeEach
    void linkAnAdministrator() {
        clock.reset();
        provider = OpenIdProvider.start(OidcPort.port());
        admin = TestAdmin.make("oidc-crash", "ADMIN");
        TestAdmin.root()
                .request()
                .body(Map.of("issuer", provider.issuer().toString(), "subject", SUBJECT))
                .put("/v1/admin/admins/" + admin.id() + "/identity")
                .then()
                .statusCode(200);
    }

    @AfterEach
    void end() {
        provider.close();
        clock.reset();
    }

    @Test
    void shouldSignInOnceByATokenWhereverTheFirstAttemptWasBrokenOff() throws SQLException {
        // Given
        CutSessions sessions = new CutSessions(url, password);
        AdminTransactions transactions = new AdminTransactions(sessions.of(pool));
        OidcSignInHandler cut =
                new OidcSignInHandler(
                        settings,
                        idTokens,
                        admins,
                        nonces,
                        new AdminAttempts(attempts, transactions, clock),
                        entrance,
                        tokens,
                        transactions,
                        clock);
        int before = signIns();

        int cuts = 0;
        boolean isThrough = false;
        while (!isThrough) {
            clock.advance(Duration.ofSeconds(60));
            String token = token();
            String code = admin.totp().code(Totp.step(clock.instant()));

            // When
            sessions.cutAfter(cuts);
            try {
                AdminSignInOutcome outcome =
                        cut.handle(
                                new OidcSignIn(
                                        settings.provider().orElseThrow(),
                                        token,
                                        code,
                                        new AuditOrigin(TestAdmin.address(), "a test")));
                assertThat(sessions.wasCut()).isFalse();
                assertThat(outcome).isInstanceOf(AdminSignInOutcome.SignedIn.class);
                isThrough = true;
            } catch (RuntimeException broken) {
                assertThat(sessions.wasCut()).as("%s", broken).isTrue();
                assertThat(signIns()).as("after %d statements", cuts).isEqualTo(before + cuts);
                signIn(token, code).statusCode(200).body("adminId", equalTo(admin.id()));
                cuts++;
            }

            // Then
            signIn(token, code).statusCode(401).body("code", equalTo("SIGN_IN_REFUSED"));
            assertThat(signIns()).isEqualTo(before + cuts + (isThrough ? 1 : 0));
        }
        assertThat(cuts).isGreaterThan(8);
        clock.reset();
        TestAdmin.root()
                .request()
                .body("{}")
                .post("/v1/admin/audit/verify")
                .then()
                .statusCode(200)
                .body("whole", equalTo(true));
    }

    /** Of the service's clock, which is ahead. */
    private String token() {
        String nonce =
                given().contentType(ContentType.JSON)
                        .post("/v1/admin/oidc/challenge")
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("nonce");
        long now = clock.instant().getEpochSecond();
        return provider.token(
                "RS256",
                Map.of(
                        "sub",
                        quoted(SUBJECT),
                        "nonce",
                        quoted(nonce),
                        "iat",
                        Long.toString(now),
                        "exp",
                        Long.toString(now + 300)));
    }

    private static ValidatableResponse signIn(String token, String code) {
        return TestAdmin.from(TestAdmin.address())
                .body(Map.of("idToken", token, "code", code))
                .post("/v1/admin/oidc/sign-in")
                .then();
    }

    private int signIns() throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "postgres", password);
                PreparedStatement select =
                        connection.prepareStatement(
                                "select count(*) from audit_entry"
                                        + " where action = 'ADMIN_SIGNED_IN' and subject = ?")) {
            select.setString(1, "admin:" + admin.id());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }
}
