package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.perpetua.accounts.app.AccountsConfig;
import io.perpetua.accounts.app.RewrapSecretsHandler;
import io.perpetua.accounts.app.RewrapSecretsHandler.Rewrapped;
import io.perpetua.accounts.app.SecretKeys;
import io.perpetua.accounts.domain.vault.SealedSecret;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.accounts.domain.vault.SecretPlace;
import io.perpetua.accounts.persistence.SigningKeyStore;
import io.perpetua.accounts.persistence.SigningKeyStore.StoredKey;
import io.perpetua.accounts.persistence.VaultStore;
import io.perpetua.accounts.persistence.VaultStore.AdminSecret;
import io.perpetua.edge.UserTransactions;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The change of wrapping keys and of signing keys, broken off before each of its statements in
 * turn: what was stored stays open, what was signed stays valid, and the next attempt goes on.
 */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class KeysCrashIT {
    private static final String EXCHANGE_KEYS = "/v1/exchange-keys";
    private static final Duration SIGNS = Duration.ofDays(30);
    private static final Duration ANNOUNCED = Duration.ofMinutes(10);
    private static final Duration TOKEN = Duration.ofMinutes(15);

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @ConfigProperty(name = "perpetua.accounts.key-file")
    Path keyFile;

    @Inject TestClock clock;
    @Inject AccountsConfig config;
    @Inject SecretKeys keys;
    @Inject SigningKeyStore signingKeys;
    @Inject VaultStore vault;
    @Inject UserTransactions transactions;
    @Inject AgroalDataSource api;

    @Inject
    @DataSource("shard")
    AgroalDataSource shard;

    private CutSessions sessions;

    @BeforeEach
    @AfterEach
    void beginWithANewSigningKey() {
        sessions = new CutSessions(url, password);
        clock.reset();
        transactions.callPublic(
                connection -> {
                    for (StoredKey key : signingKeys.all(connection)) {
                        signingKeys.remove(connection, key.id());
                    }
                    return true;
                });
        keys.tend();
    }

    private record Kept(TestUser user, String id) {
        String signature() {
            return user.request()
                    .body("{\"purpose\":\"TRADE\",\"payload\":\"p\"}")
                    .post(EXCHANGE_KEYS + "/" + id + "/signatures")
                    .then()
                    .statusCode(200)
                    .extract()
                    .path("signature");
        }
    }

    private static Kept keep(TestUser user, String clientId) {
        return new Kept(
                user,
                user.request()
                        .body(
                                "{\"clientKeyId\":\"%s\",\"exchange\":\"Binance\",\"key\":\"key-%s\",\"secret\":\"secret-%s\"}"
                                        .formatted(clientId, clientId, clientId))
                        .post(EXCHANGE_KEYS)
                        .then()
                        .statusCode(201)
                        .extract()
                        .path("id"));
    }

    /** A new key that wraps from now on; nothing is wrapped anew by it yet. */
    private void addWrappingKey(String id) throws Exception {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        List<String> lines = new ArrayList<>(Files.readAllLines(keyFile));
        lines.add(id + ":" + HexFormat.of().formatHex(key));
        Files.write(keyFile, lines);
        keys.readRing();
    }

    @Test
    void shouldOpenEverySecretWhenTheWrappingIsBrokenOffAnywhere() throws Exception {
        // Given
        TestAdmin.root();
        TestUser user = TestWallet.generate().signIn();
        List<Kept> kept = new ArrayList<>();
        String newest = "";
        for (int i = 0; i < 3; i++) {
            kept.add(keep(user, "k" + i));
            newest = "crash-" + user.id() + "-" + i;
            addWrappingKey(newest);
        }
        Map<Kept, String> signatures = new HashMap<>();
        kept.forEach(one -> signatures.put(one, one.signature()));
        Map<String, String> before = wrapped();
        RewrapSecretsHandler cut =
                new RewrapSecretsHandler(
                        vault,
                        signingKeys,
                        keys,
                        new UserTransactions(sessions.of(api)),
                        sessions.of(shard));

        // When
        int cuts = 0;
        Rewrapped done = null;
        while (done == null) {
            sessions.cutAfter(cuts);
            try {
                done = cut.handle();
            } catch (SQLException | RuntimeException broken) {
                assertThat(sessions.wasCut()).as("%s", broken).isTrue();
                cuts++;
            }

            // Then
            for (Kept one : kept) {
                assertThat(one.signature()).isEqualTo(signatures.get(one));
            }
            isSignedIn(user);
            Map<String, String> now = wrapped();
            assertThat(now.keySet()).isEqualTo(before.keySet());
            String byNewest = newest + " ";
            before.forEach(
                    (secret, wrapping) -> {
                        if (wrapping.startsWith(byNewest)) {
                            assertThat(now).as("wrapped once").containsEntry(secret, wrapping);
                        }
                    });
            before = now;
        }
        assertThat(cuts).isGreaterThan(5);
        assertThat(done.left()).isZero();
        assertThat(done.unopenable()).isZero();
        String last = newest;
        assertThat(before.values()).allMatch(wrapping -> wrapping.startsWith(last + " "));

        List<String> lines = Files.readAllLines(keyFile);
        Files.write(keyFile, List.of(lines.getLast()));
        keys.readRing();
        for (Kept one : kept) {
            assertThat(one.signature()).isEqualTo(signatures.get(one));
        }
        isSignedIn(user);
        TestWallet.generate().signIn();
        try (Connection connection = shard.getConnection()) {
            for (AdminSecret secret : vault.adminSecrets(connection)) {
                try (Secret opened =
                        keys.readRing()
                                .open(
                                        SealedSecret.parse(secret.sealed()).orElseThrow(),
                                        SecretPlace.ofPlatform(
                                                "admin-totp", Long.toString(secret.admin())))) {
                    assertThat(opened.length()).isEqualTo(20);
                }
            }
        }
    }

    @Test
    void shouldVerifyEveryValidTokenWhenTheChangeOfSigningKeysIsBrokenOffAnywhere() {
        // Given
        clock.advance(SIGNS.minus(ANNOUNCED).minusMinutes(1));
        TestWallet wallet = TestWallet.generate();
        TestUser early = wallet.signIn();
        List<String> first = ids();
        assertThat(first).hasSize(1);

        // When
        clock.advance(Duration.ofMinutes(2));
        int announcing = tendBrokenOff(first, early);

        // Then
        List<String> both = ids();
        assertThat(both).hasSize(2).startsWith(first.getFirst());
        assertThat(announcing).isPositive();
        isSignedIn(early);

        // When
        clock.advance(ANNOUNCED);
        TestUser late = wallet.signIn();
        clock.advance(TOKEN.minusMinutes(1));
        isSignedIn(late);
        clock.advance(ANNOUNCED.plusMinutes(2));
        TestUser last = TestWallet.userOf(TestWallet.refresh(late.refreshToken()));
        int retiring = tendBrokenOff(both, last);

        // Then
        assertThat(ids()).containsExactly(both.getLast());
        assertThat(retiring).isPositive();
        isSignedIn(last);
    }

    /**
     * Lets a replica tend the keys, broken off before each of its statements in turn, until it is
     * through. @return how often it was broken off
     */
    private int tendBrokenOff(List<String> before, TestUser user) {
        int cuts = 0;
        while (isBrokenOff(cuts)) {
            cuts++;
            assertThat(ids()).contains(before.getLast()).hasSizeLessThanOrEqualTo(2);
            assertThat(given().get("/v1/jwks.json").<List<String>>path("keys.kid"))
                    .contains(before.getLast());
            isSignedIn(user);
        }
        return cuts;
    }

    private boolean isBrokenOff(int statements) {
        UserTransactions broken = new UserTransactions(sessions.of(api));
        SecretKeys replica = new SecretKeys(config, signingKeys, broken, clock);
        sessions.cutAfter(statements);
        try {
            replica.tend();
            return false;
        } catch (RuntimeException failed) {
            assertThat(sessions.wasCut()).as("%s", failed).isTrue();
            return true;
        }
    }

    private List<String> ids() {
        return transactions.callPublic(
                connection -> signingKeys.all(connection).stream().map(StoredKey::id).toList());
    }

    private static void isSignedIn(TestUser user) {
        user.request().get("/v1/users/me").then().statusCode(200);
    }

    /** How every secret is wrapped: the key's name and the wrapped data key, by its place. */
    private Map<String, String> wrapped() throws SQLException {
        Map<String, String> all = new TreeMap<>();
        String sql =
                "select purpose || ' ' || record_id, key_id || ' ' || encode(wrapped_key, 'hex')"
                        + " from vault_secret";
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", "accounts_owner", password);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                all.put(rows.getString(1), rows.getString(2));
            }
        }
        return all;
    }
}
