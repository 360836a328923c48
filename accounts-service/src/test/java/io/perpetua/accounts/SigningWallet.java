package io.perpetua.accounts;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.Map;

/** A wallet of any kind, and what its owner does with it. */
interface SigningWallet {
    /** As the wallet shows it. */
    String address();

    /** The wallet's signature of a text. */
    String sign(String text);

    /** The text of a new challenge. */
    default String challenge() {
        return given().contentType(ContentType.JSON)
                .body(Map.of("address", address()))
                .post("/v1/auth/challenge")
                .then()
                .statusCode(200)
                .extract()
                .path("message");
    }

    /** Signs in and is ready to act. */
    default TestUser signIn() {
        return signIn("a test");
    }

    /** The same as a client that says what it is. */
    default TestUser signIn(String userAgent) {
        String text = challenge();
        Response answer =
                given().contentType(ContentType.JSON)
                        .header("User-Agent", userAgent)
                        .body(Map.of("message", text, "signature", sign(text)))
                        .post("/v1/auth/token");
        answer.then().statusCode(200);
        return TestWallet.userOf(answer);
    }

    /** The text by whose signature the wallet becomes the user's. */
    default String linkChallenge(TestUser user) {
        return user.request()
                .body(Map.of("address", address()))
                .post("/v1/auth/wallets/challenge")
                .then()
                .statusCode(200)
                .extract()
                .path("message");
    }

    /** The answer to a signed text that links. */
    default Response link(TestUser user, String text) {
        return user.request()
                .body(Map.of("message", text, "signature", sign(text)))
                .post("/v1/auth/wallets");
    }

    /** Links the wallet to the user. */
    default Response link(TestUser user) {
        return link(user, linkChallenge(user));
    }
}
