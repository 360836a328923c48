package io.perpetua.accounts;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
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
