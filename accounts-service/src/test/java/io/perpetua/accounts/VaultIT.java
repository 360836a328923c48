package io.perpetua.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.perpetua.accounts.app.RewrapSecretsHandler;
import io.perpetua.accounts.app.RewrapSecretsHandler.Rewrapped;
import io.perpetua.accounts.app.SecretKeys;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The vault against those who read or write its tables, and while its wrapping key is changed. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class VaultIT {
    private static final String KEYS = "/v1/exchange-keys";

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @ConfigProperty(name = "perpetua.accounts.key-file")
    Path keyFile;

    @Inject RewrapSecretsHandler rewrapping;
    @Inject SecretKeys keys;

    private final ConcurrentLinkedQueue<String> logged = new ConcurrentLinkedQueue<>();
    private final Handler log =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    logged.add(line.getMessage() + " " + line.getThrown());
                    if (line.getParameters() != null) {
                        for (Object parameter : line.getParameters()) {
                            logged.add(String.valueOf(parameter));
                        }
                    }
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    private TestUser owner;
    private TestUser attacker;
    private String marker;
    private String key;

    @BeforeEach
    void keepASecret() {
        Logger.getLogger("").addHandler(log);
        owner = TestWallet.generate().signIn();
        attacker = TestWallet.generate().signIn();
        marker = "plain-" + owner.id() + "-";
        key = keep(owner, "k");
        owner.request()
                .body(
                        "{\"user_id\":%d,\"user_wallet\":\"w\",\"sub_account_pubkey\":\"p\",\"sub_account_privkey\":\"%sprivkey\"}"
                                .formatted(owner.id(), marker))
                .post("/api/hypercore/subaccounts")
                .then()
                .statusCode(201);
    }

    @AfterEach
    void leaveNoHandler() {
        Logger.getLogger("").removeHandler(log);
    }

    @Test
    void shouldHaveNoPlaintextInAnyTableNorInTheLog() throws SQLException {
        sign(owner, key).then().statusCode(200);
        owner.request()
                .get("/api/hypercore/credentials/" + owner.id())
                .then()
                .statusCode(200)
                .body("sub_account_privkey", equalTo(marker + "privkey"));
        owner.request()
                .body("{\"secret\":\"" + marker + "\",\"key\":{\"" + marker + "\":1}}")
                .post(KEYS)
                .then()
                .statusCode(400);

        String hex = HexFormat.of().formatHex(marker.getBytes(StandardCharsets.UTF_8));
        List<String> tables =
                strings(
                        "accounts_owner",
                        null,
                        "select tablename::text from pg_tables where schemaname = 'accounts'");
        assertThat(tables).contains("vault_secret", "exchange_key", "audit_entry");
        for (String table : tables) {
            assertThat(
                            strings(
                                    "accounts_owner",
                                    null,
                                    "select 'x' from "
                                            + table
                                            + " r where r::text like '%"
                                            + marker
                                            + "%' or r::text like '%"
                                            + hex
                                            + "%'"))
                    .as(table)
                    .isEmpty();
        }
        assertThat(logged).noneMatch(line -> line.contains(marker));
    }

    @Test
    void shouldShowNothingWhenTheTransactionNamesNobodyOrAnother() throws SQLException {
        for (String table : List.of("vault_secret", "exchange_key", "hypercore_subaccount")) {
            assertThat(strings("accounts_api", null, "select user_id::text from " + table))
                    .isEmpty();
            assertThat(
                            strings(
                                    "accounts_api",
                                    attacker,
                                    "select user_id::text from "
                                            + table
                                            + " where user_id = "
                                            + owner.id()
                                            + " or true"))
                    .isEmpty();
            assertThat(strings("accounts_api", owner, "select user_id::text from " + table))
                    .isNotEmpty()
                    .containsOnly(Long.toString(owner.id()));
        }
        // A user's own rows go when the user is deleted; another's never do.
        assertThat(
                        strings(
                                "accounts_api",
                                attacker,
                                "with gone as (delete from hypercore_subaccount returning user_id)"
                                        + " select user_id::text from gone"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update vault_secret set user_id = ME",
                "update vault_secret set key_id = 'x'",
                "insert into vault_secret (purpose, record_id, user_id, key_id, wrapped_key,"
                        + " ciphertext) select 'exchange-key', 999999, OWNER, 'x',"
                        + " decode(repeat('00', 60), 'hex'), decode(repeat('00', 40), 'hex')",
                "update exchange_key set user_id = ME",
                "update hypercore_subaccount set user_id = ME",
                "select * from wrapped_keys('first', '', 0, 10)",
                "select secrets_by_key()",
                "select rewrap_keys('{}', '{}', '{}', '{}', 'x')",
                "truncate vault_secret",
            })
    void shouldRefuseWhenTheStatementReachesBeyondTheRole(String attack) {
        String statement =
                attack.replace("OWNER", "" + owner.id()).replace("ME", "" + attacker.id());
        assertThatThrownBy(() -> strings("accounts_api", attacker, statement))
                .isInstanceOf(SQLException.class);
        sign(owner, key).then().statusCode(200);
    }

    @Test
    void shouldKeepCiphertextFromTheShardWhichWrapsAnew() {
        for (String table : List.of("vault_secret", "exchange_key", "hypercore_subaccount")) {
            assertThatThrownBy(() -> strings("accounts_shard", null, "select * from " + table))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update vault_secret set ciphertext = set_byte(ciphertext, 20,"
                        + " get_byte(ciphertext, 20) # 1) where SECRET",
                "update vault_secret set wrapped_key = set_byte(wrapped_key, 59,"
                        + " get_byte(wrapped_key, 59) # 1) where SECRET",
                "update vault_secret set key_id = 'other' where SECRET",
                "update vault_secret v set wrapped_key = o.wrapped_key, ciphertext = o.ciphertext"
                        + " from vault_secret o where v.SECRET and o.purpose = 'exchange-key'"
                        + " and o.record_id = v.record_id",
                "delete from vault_secret where SECRET",
            })
    void shouldFindWhatWasTamperedWith(String attack) throws SQLException {
        String secret = "purpose = 'exchange-secret' and v.record_id = " + key;
        String statement =
                attack.contains("v.SECRET")
                        ? attack.replace("SECRET", secret)
                        : attack.replace("SECRET", secret.replace("v.", ""));
        strings("accounts_owner", null, statement);

        sign(owner, key)
                .then()
                .statusCode(500)
                .contentType("application/problem+json")
                .body("code", equalTo("SECRET_UNOPENABLE"));
        assertThat(logged).anyMatch(line -> line.contains("tampered"));
        strings("accounts_owner", null, "delete from vault_secret where record_id = " + key);
    }

    @Test
    void shouldNotOpenASecretThatWasGivenToAnotherUser() throws SQLException {
        strings(
                "accounts_owner",
                null,
                "update exchange_key set user_id = ME where exchange_key_id = KEY"
                        .replace("ME", "" + attacker.id())
                        .replace("KEY", key));
        strings(
                "accounts_owner",
                null,
                "update vault_secret set user_id = ME where record_id = KEY"
                        .replace("ME", "" + attacker.id())
                        .replace("KEY", key));

        sign(attacker, key).then().statusCode(500).body("code", equalTo("SECRET_UNOPENABLE"));
        strings("accounts_owner", null, "delete from vault_secret where record_id = " + key);
    }

    @Test
    void shouldTakeANewWrappingKeyWhileRequestsRun() throws Exception {
        List<String> before = Files.readAllLines(keyFile);
        String next = "k" + owner.id();
        String line = next + ":" + HexFormat.of().formatHex(new byte[32]);
        String signature = sign(owner, key).path("signature");
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            List<Future<Integer>> running = new ArrayList<>();
            for (int client = 0; client < 2; client++) {
                TestUser user = TestWallet.generate().signIn();
                running.add(
                        clients.submit(
                                () -> {
                                    int round = 0;
                                    do {
                                        round++;
                                        String own = keep(user, "r" + round);
                                        sign(user, own).then().statusCode(200);
                                        TestWallet.generate().signIn();
                                    } while (!done.get() && round < 40);
                                    return round;
                                }));
            }
            try {
                Files.write(keyFile, concat(List.of(line), before));
                keys.readRing();
                assertThat(rewrapping.handle().newest()).isNotEqualTo(next);

                Files.write(keyFile, concat(before, List.of(line)));
                Rewrapped first = rewrapping.handle();
                assertThat(first.newest()).isEqualTo(next);
                assertThat(first.unopenable()).isZero();
                assertThat(first.rewrapped()).isPositive();
            } finally {
                done.set(true);
            }
            for (Future<Integer> client : running) {
                assertThat(client.get()).isPositive();
            }
        }
        Rewrapped last = rewrapping.handle();
        assertThat(last.left()).isZero();
        assertThat(rewrapping.handle().rewrapped()).isZero();

        Files.write(keyFile, List.of(line));
        keys.readRing();
        sign(owner, key).then().statusCode(200).body("signature", equalTo(signature));
        TestWallet.generate().signIn();
        owner.request().get("/v1/users/me").then().statusCode(200);
        assertThat(strings("accounts_owner", null, "select distinct key_id from vault_secret"))
                .containsExactly(next);
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    private String keep(TestUser user, String clientId) {
        Response answer =
                user.request()
                        .body(
                                "{\"clientKeyId\":\"%s\",\"exchange\":\"Binance\",\"key\":\"%skey\",\"secret\":\"%ssecret\",\"passphrase\":\"%spassphrase\"}"
                                        .formatted(clientId, marker, marker, marker))
                        .post(KEYS);
        answer.then().statusCode(201);
        return answer.path("id");
    }

    private static Response sign(TestUser user, String id) {
        return user.request()
                .body("{\"purpose\":\"TRADE\",\"payload\":\"p\"}")
                .post(KEYS + "/" + id + "/signatures");
    }

    private List<String> strings(String role, TestUser user, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(
                                url + "?currentSchema=accounts", role, password);
                Statement statement = connection.createStatement()) {
            if (user != null) {
                statement.execute(
                        "select set_config('perpetua.user_id', '" + user.id() + "', false)");
            }
            if (statement.execute(sql)) {
                try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                        values.add(rows.getString(1));
                    }
                }
            }
        }
        return values;
    }
}
