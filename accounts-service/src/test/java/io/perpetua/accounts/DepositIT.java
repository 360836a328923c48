package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.perpetua.accounts.app.SimulatedCustodian;
import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class DepositIT {
    private static final String SECRET = "a secret of the tests";

    @Test
    void shouldGiveTheFirstAnswerAgainWhenARequestIsRepeated() {
        TestUser user = TestWallet.generate().signIn();
        String subaccount = user.subaccount();

        Response first = user.faucet(subaccount, "250.5", "salary");
        Response again = user.faucet(subaccount, "250.50", "salary");

        first.then()
                .statusCode(201)
                .body("amount", equalTo("250.5"))
                .body("state", equalTo("CREDITED"))
                .body("creditSequence", equalTo(1))
                .body("transactionId", equalTo(subaccount + "-USDC-1"));
        again.then().statusCode(200);
        assertThat(again.asString()).isEqualTo(first.asString());
        user.faucet(subaccount, "251", "salary")
                .then()
                .statusCode(409)
                .body("code", equalTo("REFERENCE_REUSED"));
        balanceIs(user, "250.5", 1);
    }

    @Test
    void shouldCreditOnceWhenTheSameRequestIsSentOftenAtOnce() throws Exception {
        TestUser user = TestWallet.generate().signIn();
        String subaccount = user.subaccount();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                String reference = "r" + i % 4;
                answers.add(
                        threads.submit(
                                () -> user.faucet(subaccount, "10", reference).statusCode()));
            }
            for (Future<Integer> answer : answers) {
                statuses.add(answer.get());
            }
        }

        assertThat(statuses.stream().filter(status -> status == 201)).hasSize(4);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(12);
        balanceIs(user, "40", 4);
    }

    @Test
    void shouldNotTouchOthersAccountsOrReferences() {
        TestUser owner = TestWallet.generate().signIn();
        TestUser other = TestWallet.generate().signIn();
        owner.faucet(owner.subaccount(), "5", "mine").then().statusCode(201);

        other.faucet(owner.subaccount(), "5", "theirs")
                .then()
                .statusCode(404)
                .body("code", equalTo("SUBACCOUNT_UNKNOWN"));
        other.faucet(other.subaccount(), "7", "mine").then().statusCode(201);

        balanceIs(owner, "5", 1);
        balanceIs(other, "7", 1);
        for (String path : List.of("/v1/balances", "/v1/ledger/statement")) {
            other.request()
                    .queryParam("subaccountId", owner.subaccount())
                    .get(path)
                    .then()
                    .statusCode(404);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"subaccountId\":\"1\",\"amount\":\"0\"}                  | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":\"-1\"}                 | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":\"1e3\"}                | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":\"0.0000001\"}          | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":\"99999999999999999\"}  | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":5}                      | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":\"10000000.000001\"}    | 422 | amount",
                "{\"subaccountId\":\"-1\",\"amount\":\"1\"}                 | 400 | subaccountId",
                "{\"subaccountId\":\"9007199254740992\",\"amount\":\"1\"}   | 400 | subaccountId",
                "{\"amount\":\"1\"}                                         | 400 | subaccountId",
                "{\"subaccountId\":\"1\"}                                   | 400 | amount",
                "{\"subaccountId\":\"1\",\"amount\":\"1\",\"x\":1}          | 400 | x",
                "{\"subaccountId\":\"1\",\"amount\":\"1\",\"reference\":\"\"} | 400 | reference",
                "{\"subaccountId\":\"1\",\"amount\":\"1\"}                  | 404 | subaccountId",
            })
    void shouldNameTheFieldWhenARequestIsWrong(String body, int status, String field) {
        TestUser user = TestWallet.generate().signIn();

        user.request()
                .body(body)
                .post("/v1/faucet")
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("field", equalTo(field));
    }

    @Test
    void shouldCreditTheCustodiansNoticeOnceAndOnlyWhenItIsGenuine() {
        TestUser user = TestWallet.generate().signIn();
        String address =
                user.request().get("/v1/subaccounts").then().extract().path("items[0].address");
        String body =
                "{\"reference\":\"chain:%d\",\"address\":\"%s\",\"asset\":\"USDC\",\"amount\":\"12\"}"
                        .formatted(user.id(), address);
        long now = System.currentTimeMillis();

        notice(body, null).then().statusCode(401).body("code", equalTo("NOTICE_FORGED"));
        notice(body, SimulatedCustodian.sign("guess", now, body)).then().statusCode(401);
        notice(body.replace("12", "13"), SimulatedCustodian.sign(SECRET, now, body))
                .then()
                .statusCode(401);
        notice(body, SimulatedCustodian.sign(SECRET, now - 600_000, body))
                .then()
                .statusCode(401)
                .body("code", equalTo("NOTICE_STALE"));
        notice("null", SimulatedCustodian.sign(SECRET, now, "null"))
                .then()
                .statusCode(400)
                .body("code", equalTo("BODY_MISSING"));
        balanceIs(user, "0", 0);

        notice(body, SimulatedCustodian.sign(SECRET, now, body)).then().statusCode(201);
        notice(body, SimulatedCustodian.sign(SECRET, now, body)).then().statusCode(200);
        String other = body.replace("\"12\"", "\"13\"");
        notice(other, SimulatedCustodian.sign(SECRET, now, other)).then().statusCode(409);
        TestUser stranger = TestWallet.generate().signIn();
        String theirs =
                body.replace(
                        address,
                        stranger.request()
                                .get("/v1/subaccounts")
                                .then()
                                .extract()
                                .<String>path("items[0].address"));
        notice(theirs, SimulatedCustodian.sign(SECRET, now, theirs)).then().statusCode(409);
        String nobodys = body.replace(address, "0x" + "0".repeat(40));
        notice(nobodys, SimulatedCustodian.sign(SECRET, now, nobodys)).then().statusCode(404);

        balanceIs(user, "12", 1);
        balanceIs(stranger, "0", 0);
    }

    @Test
    void shouldPageThroughDepositsNewestFirst() {
        TestUser user = TestWallet.generate().signIn();
        String subaccount = user.subaccount();
        for (int i = 1; i <= 5; i++) {
            user.faucet(subaccount, Integer.toString(i), "r" + i).then().statusCode(201);
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            var request = user.request().queryParam("limit", 2);
            Response page =
                    (cursor == null ? request : request.queryParam("cursor", cursor))
                            .get("/v1/deposits");
            page.then().statusCode(200);
            seen.addAll(page.path("items.amount"));
            cursor = page.path("nextCursor");
        } while (cursor != null);

        assertThat(seen).containsExactly("5", "4", "3", "2", "1");
        user.request()
                .queryParam("cursor", "bad")
                .get("/v1/deposits")
                .then()
                .statusCode(400)
                .body("code", equalTo("CURSOR_INVALID"));
        user.request().queryParam("limit", 201).get("/v1/deposits").then().statusCode(400);
    }

    private static Response notice(String body, String signature) {
        var request = given().contentType(ContentType.JSON).body(body);
        return (signature == null ? request : request.header("Custodian-Signature", signature))
                .post("/v1/deposits");
    }

    private static void balanceIs(TestUser user, String balance, int credits) {
        user.request()
                .get("/v1/balances")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].balance", equalTo(balance))
                .body("items[0].creditSequence", equalTo(credits));
    }
}
