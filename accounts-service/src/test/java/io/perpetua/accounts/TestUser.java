package io.perpetua.accounts;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;

/** A signed-in user. */
record TestUser(long id, String token, String refreshToken, String signIn) {
    RequestSpecification request() {
        return given().auth().oauth2(token).contentType(ContentType.JSON);
    }

    /** The id of subaccount 0. */
    String subaccount() {
        return request()
                .get("/v1/subaccounts")
                .then()
                .statusCode(200)
                .extract()
                .path("items[0].id");
    }

    /** One of each kind; the service encrypts them, and rotates keys of what it finds. */
    void keepSecrets() {
        request()
                .body(
                        Map.of(
                                "clientKeyId", "k",
                                "exchange", "Binance",
                                "name", "Grid",
                                "scopes", List.of("READ"),
                                "key", "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv",
                                "secret", "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP"))
                .post("/v1/exchange-keys")
                .then()
                .statusCode(201);
        request()
                .body(
                        Map.of(
                                "user_id", id,
                                "user_wallet", "w",
                                "sub_account_pubkey", "p",
                                "sub_account_privkey", "s"))
                .post("/api/hypercore/subaccounts")
                .then()
                .statusCode(201);
    }

    Response faucet(String subaccount, String amount, String reference) {
        return request()
                .body(
                        Map.of(
                                "subaccountId", subaccount,
                                "amount", amount,
                                "reference", reference))
                .post("/v1/faucet");
    }
}
