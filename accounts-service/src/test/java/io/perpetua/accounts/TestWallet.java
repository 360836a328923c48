package io.perpetua.accounts;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

/** An EVM wallet with keys of its own, and what its owner does to sign in. */
final class TestWallet implements SigningWallet {
    private final ECKeyPair keys;

    private TestWallet(ECKeyPair keys) {
        this.keys = keys;
    }

    static TestWallet generate() {
        byte[] secret = new byte[31];
        new SecureRandom().nextBytes(secret);
        return new TestWallet(ECKeyPair.create(secret));
    }

    @Override
    public String address() {
        return Keys.toChecksumAddress(Keys.getAddress(keys));
    }

    @Override
    public String sign(String text) {
        Sign.SignatureData data =
                Sign.signPrefixedMessage(text.getBytes(StandardCharsets.UTF_8), keys);
        HexFormat hex = HexFormat.of();
        return "0x"
                + hex.formatHex(data.getR())
                + hex.formatHex(data.getS())
                + hex.formatHex(data.getV());
    }

    /** The answer to a signed text. */
    static Response exchange(String text, String signature) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("message", text, "signature", signature))
                .post("/v1/auth/token");
    }

    /** Who an answer with tokens is for. */
    static TestUser userOf(Response answer) {
        return new TestUser(
                Long.parseLong(answer.path("userId")),
                answer.path("accessToken"),
                answer.path("refreshToken"),
                answer.path("signInId"));
    }

    /** The answer to a refresh token. */
    static Response refresh(String refreshToken) {
        return given().contentType(ContentType.JSON)
                .body(Map.of("refreshToken", refreshToken))
                .post("/v1/auth/refresh");
    }
}
