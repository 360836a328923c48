package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hypercore's calls, in plain JSON as its clients write it. */
@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class HypercoreIT {
    private static final String WALLET = "0x3F5CE5FBFe3E9af3971dD833D26bA9b5C936f0bE";
    private static final String SUBACCOUNTS = "/api/hypercore/subaccounts";

    @ConfigProperty(name = "perpetua.database.url")
    String url;

    @ConfigProperty(name = "perpetua.database.password")
    String password;

    @Test
    void shouldKeepASubaccountAndNeverEchoItsPrivateKey() {
        TestUser user = TestWallet.generate().signIn();

        Response added = add(user, "pub-1", "priv-never-echoed", ",\"is_active\":true");

        added.then().statusCode(201).body("user_id", equalTo((int) user.id()));
        long id = added.jsonPath().getLong("id");
        assertThat(id).isPositive();
        assertThat(added.jsonPath().getString("user_wallet")).isEqualTo(WALLET);
        assertThat(added.jsonPath().getString("sub_account_pubkey")).isEqualTo("pub-1");
        assertThat(added.jsonPath().getBoolean("is_active")).isTrue();
        assertThat(Instant.parse(added.jsonPath().getString("timestamp_creation")))
                .isBeforeOrEqualTo(Instant.now());
        Response changed = user.request().body("{\"is_active\":false}").put(SUBACCOUNTS + "/" + id);
        Response listed = all(user);
        Response byWallet =
                user.request()
                        .queryParam("active_only", "false")
                        .get(SUBACCOUNTS + "/wallet/" + WALLET.toLowerCase(java.util.Locale.ROOT));
        for (Response answer : List.of(added, changed, listed, byWallet)) {
            assertThat(answer.asString())
                    .contains("pub-1")
                    .doesNotContain("priv-never-echoed")
                    .doesNotContain("privkey");
        }
    }

    @Test
    void shouldListTheActiveOnesUnlessAllAreAskedFor() {
        TestUser user = TestWallet.generate().signIn();
        add(user, "a", "s", "");
        add(user, "b", "s", ",\"is_active\":false");
        add(user, "c", "s", ",\"is_active\":true");

        assertThat(keys(user.request().get(SUBACCOUNTS + "/" + user.id())))
                .containsExactly("a", "c");
        assertThat(keys(all(user))).containsExactly("a", "b", "c");
        assertThat(keys(user.request().get(SUBACCOUNTS + "/wallet/" + WALLET)))
                .containsExactly("a", "c");
        assertThat(keys(user.request().get(SUBACCOUNTS + "/wallet/0xother"))).isEmpty();
    }

    @Test
    void shouldChangeOnlyWhatIsNamed() {
        TestUser user = TestWallet.generate().signIn();
        long id = add(user, "a", "s", "").jsonPath().getLong("id");

        put(user, id, "{}").then().statusCode(200).body("is_active", equalTo(true));
        put(user, id, "{\"is_active\":false}")
                .then()
                .statusCode(200)
                .body("is_active", equalTo(false))
                .body("sub_account_pubkey", equalTo("a"));
        put(user, id, "{}").then().statusCode(200).body("is_active", equalTo(false));
        put(user, 999_999_999L, "{}")
                .then()
                .statusCode(404)
                .body("code", equalTo("SUBACCOUNT_UNKNOWN"));
    }

    @Test
    void shouldChooseCredentialsAsHypercoreDoes() {
        TestUser user = TestWallet.generate().signIn();
        credentials(user).then().statusCode(404).body("code", equalTo("CREDENTIALS_UNKNOWN"));

        long first = add(user, "a", "key \\\"a\\\"", "").jsonPath().getLong("id");
        put(user, first, "{\"is_active\":false}");
        credentials(user)
                .then()
                .statusCode(200)
                .body("id", equalTo((int) first))
                .body("user_id", equalTo((int) user.id()))
                .body("user_wallet", equalTo(WALLET))
                .body("sub_account_pubkey", equalTo("a"))
                .body("sub_account_privkey", equalTo("key \"a\""))
                .body("is_active", equalTo(false))
                .header("Cache-Control", "no-store");

        long second = add(user, "b", "key b", "").jsonPath().getLong("id");
        add(user, "c", "key c", "");
        credentials(user).then().statusCode(200).body("sub_account_privkey", equalTo("key b"));

        put(user, second, "{\"is_active\":false}");
        credentials(user).then().statusCode(200).body("sub_account_privkey", equalTo("key c"));

        all(user)
                .jsonPath()
                .getList("id", Long.class)
                .forEach(id -> put(user, id, "{\"is_active\":false}"));
        credentials(user).then().statusCode(404).body("code", equalTo("CREDENTIALS_UNKNOWN"));
    }

    @Test
    void shouldShowAndChangeNothingOfOthers() {
        TestUser owner = TestWallet.generate().signIn();
        TestUser other = TestWallet.generate().signIn();
        long id = add(owner, "a", "owners-key", "").jsonPath().getLong("id");

        for (Response answer :
                List.of(
                        credentialsOf(other, owner.id()),
                        other.request().get(SUBACCOUNTS + "/" + owner.id()),
                        put(other, id, "{\"is_active\":false}"),
                        addFor(other, owner.id(), "x", "y", ""))) {
            answer.then().statusCode(404).body(not(containsString("owners-key")));
        }
        assertThat(keys(other.request().get(SUBACCOUNTS + "/wallet/" + WALLET))).isEmpty();
        for (String path :
                List.of(
                        SUBACCOUNTS + "/" + owner.id(),
                        SUBACCOUNTS + "/wallet/" + WALLET,
                        "/api/hypercore/credentials/" + owner.id())) {
            given().get(path).then().statusCode(401).body("code", equalTo("TOKEN_MISSING"));
        }
        credentials(owner).then().statusCode(200).body("is_active", equalTo(true));
        assertThat(keys(all(owner))).containsExactly("a");
    }

    @Test
    void shouldChargeTheBudgetOfSecretsAndKeepThemOutOfCaches() {
        TestUser user = TestWallet.generate().signIn();
        add(user, "a", "s", "").then().header("RateLimit-Policy", startsWith("\"secret-user\";"));

        credentials(user)
                .then()
                .statusCode(200)
                .header("Cache-Control", containsString("no-store"))
                .header("RateLimit-Policy", startsWith("\"secret-user\";"));
    }

    @Test
    void shouldRecordWhoSawAPrivateKey() throws SQLException {
        TestUser user = TestWallet.generate().signIn();
        long id = add(user, "a", "secret-not-in-the-audit-log", "").jsonPath().getLong("id");

        credentials(user).then().statusCode(200);

        assertThat(
                        query(
                                "select actor_kind || ' ' || actor_id || ' ' || action"
                                        + " from audit_entry where subject ="
                                        + " 'hypercore-subaccount:"
                                        + id
                                        + "' order by number"))
                .containsExactly(
                        "USER " + user.id() + " HYPERCORE_SUBACCOUNT_ADDED",
                        "USER " + user.id() + " HYPERCORE_CREDENTIALS_SHOWN");
        assertThat(
                        query(
                                "select number::text from audit_entry where"
                                        + " coalesce(state_before, '') || coalesce(state_after, '')"
                                        + " like '%secret-not-in%'"))
                .isEmpty();
    }

    @Test
    void shouldForgetSubaccountsAndKeysWhenTheUserIsDeleted() throws SQLException {
        TestUser user = TestWallet.generate().signIn();
        add(user, "a", "s", "").then().statusCode(201);
        String count =
                "select (select count(*) from hypercore_subaccount where user_id = U)"
                        + " + (select count(*) from vault_secret where user_id = U)";
        assertThat(query(count.replace("U", "" + user.id()))).containsExactly("2");

        try (Connection owner = owner();
                Statement statement = owner.createStatement()) {
            for (String table :
                    List.of(
                            "customer_account",
                            "subaccount",
                            "sign_in",
                            "wallet",
                            "user_profile",
                            "app_user")) {
                statement.execute("delete from " + table + " where user_id = " + user.id());
            }
        }

        assertThat(query(count.replace("U", "" + user.id()))).containsExactly("0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"user_id\":ME                      | \"user_id\":\"ME\"                 | user_id",
                "\"user_id\":ME                      | \"user_id\":1.5                    | user_id",
                "\"user_id\":ME                      | \"user_id\":99999999999999999999   | user_id",
                "\"user_id\":ME,                     |                                    | user_id",
                "\"user_wallet\":\"W\"               | \"user_wallet\":\"\"               | user_wallet",
                "\"user_wallet\":\"W\"               | \"user_wallet\":\"a\\u0000\"       | user_wallet",
                "\"user_wallet\":\"W\"               | \"user_wallet\":\"\\ud800\"        | user_wallet",
                "\"sub_account_pubkey\":\"P\"        | \"sub_account_pubkey\":7           | sub_account_pubkey",
                "\"sub_account_privkey\":\"S\"       | \"sub_account_privkey\":\"\"       | sub_account_privkey",
                "\"sub_account_privkey\":\"S\"       | \"sub_account_privkey\":\"\\u0000\" | sub_account_privkey",
                "\"sub_account_privkey\":\"S\"       | \"sub_account_privkey\":7          | sub_account_privkey",
                "\"sub_account_privkey\":\"S\"       | \"sub_account_privkey\":null       | sub_account_privkey",
                "\"sub_account_privkey\":\"S\"       | \"sub_account_privkey\":[\"a\"]    | sub_account_privkey",
                ",\"sub_account_privkey\":\"S\"      |                                    | sub_account_privkey",
                "\"is_active\":true                  | \"is_active\":\"true\"             | is_active",
                "\"is_active\":true                  | \"other\":1                        | other",
            })
    void shouldNameTheFieldWhenARequestIsWrong(String right, String wrong, String field) {
        TestUser user = TestWallet.generate().signIn();
        String body =
                "{\"user_id\":ME,\"user_wallet\":\"W\",\"sub_account_pubkey\":\"P\""
                        + ",\"sub_account_privkey\":\"S\",\"is_active\":true}";

        user.request()
                .body(
                        body.replace(right, wrong == null ? "" : wrong)
                                .replace("ME", Long.toString(user.id())))
                .post(SUBACCOUNTS)
                .then()
                .statusCode(400)
                .body("field", equalTo(field));
        assertThat(keys(all(user))).isEmpty();
    }

    private static Response add(TestUser user, String publicKey, String privateKey, String more) {
        return addFor(user, user.id(), publicKey, privateKey, more);
    }

    private static Response addFor(
            TestUser user, long id, String publicKey, String privateKey, String more) {
        return user.request()
                .body(
                        "{\"user_id\":%d,\"user_wallet\":\"%s\",\"sub_account_pubkey\":\"%s\",\"sub_account_privkey\":\"%s\"%s}"
                                .formatted(id, WALLET, publicKey, privateKey, more))
                .post(SUBACCOUNTS);
    }

    private static Response put(TestUser user, long id, String body) {
        return user.request().body(body).put(SUBACCOUNTS + "/" + id);
    }

    private static Response all(TestUser user) {
        return user.request().queryParam("active_only", "false").get(SUBACCOUNTS + "/" + user.id());
    }

    private static List<String> keys(Response answer) {
        answer.then().statusCode(200);
        return answer.jsonPath().getList("sub_account_pubkey", String.class);
    }

    private static Response credentials(TestUser user) {
        return credentialsOf(user, user.id());
    }

    private static Response credentialsOf(TestUser user, long id) {
        return user.request().get("/api/hypercore/credentials/" + id);
    }

    private Connection owner() throws SQLException {
        return DriverManager.getConnection(
                url + "?currentSchema=accounts", "accounts_owner", password);
    }

    private List<String> query(String sql) throws SQLException {
        List<String> values = new java.util.ArrayList<>();
        try (Connection owner = owner();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }
}
