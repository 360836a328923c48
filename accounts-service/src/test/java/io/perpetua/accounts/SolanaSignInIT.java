package io.perpetua.accounts;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.perpetua.testkit.BackendsResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(BackendsResource.class)
class SolanaSignInIT {
    @Test
    void shouldMakeAUserWhenASolanaWalletSignsInForTheFirstTimeAndFindItAgain() {
        TestSolanaWallet wallet = TestSolanaWallet.generate();

        TestUser user = wallet.signIn();

        user.request()
                .get("/v1/users/me")
                .then()
                .statusCode(200)
                .body("wallets[0].kind", equalTo("SOLANA"))
                .body("wallets[0].address", equalTo(wallet.address()));
        String text = wallet.challenge();
        TestWallet.exchange(text, wallet.signInBase64(text))
                .then()
                .statusCode(200)
                .body("userId", equalTo(Long.toString(user.id())))
                .body("firstSignIn", equalTo(false));
        TestWallet.exchange(text, wallet.sign(text))
                .then()
                .statusCode(401)
                .body("code", equalTo("NONCE_USED"));
    }

    @Test
    void shouldAskInTheFormThatSolanaWalletsKnow() {
        TestSolanaWallet wallet = TestSolanaWallet.generate();

        given().contentType(ContentType.JSON)
                .body(Map.of("address", wallet.address()))
                .post("/v1/auth/challenge")
                .then()
                .statusCode(200)
                .body(
                        "message",
                        matchesPattern(
                                "127\\.0\\.0\\.1:8080 wants you to sign in with your Solana"
                                        + " account:\n"
                                        + wallet.address()
                                        + "\n\nSign in to Perpetua\\. [^\n]+\n\n"
                                        + "URI: http://127\\.0\\.0\\.1:8080\n"
                                        + "Version: 1\n"
                                        + "Chain ID: solana:mainnet\n"
                                        + "Nonce: [0-9a-f]{64}\n"
                                        + "Issued At: [0-9TZ:-]+\n"
                                        + "Expiration Time: [0-9TZ:-]+"));
    }

    @Test
    void shouldTakeTheWalletsOwnMessageWhenItHasOurNonce() {
        TestSolanaWallet wallet = TestSolanaWallet.generate();
        String nonce = wallet.challenge().replaceAll("(?s).*Nonce: ([0-9a-f]+).*", "$1");
        String own =
                "127.0.0.1:8080 wants you to sign in with your Solana account:\n"
                        + wallet.address()
                        + "\n\nURI: http://127.0.0.1:8080/trade\nVersion: 1\nChain ID: mainnet\n"
                        + "Nonce: "
                        + nonce
                        + "\nIssued At: "
                        + java.time.Instant.now();

        TestWallet.exchange(own, wallet.sign(own)).then().statusCode(200);
    }

    @Test
    void shouldRefuseWhenTheMessageOrTheSignatureWasTamperedWith() {
        TestSolanaWallet wallet = TestSolanaWallet.generate();
        TestSolanaWallet thief = TestSolanaWallet.generate();
        TestWallet evm = TestWallet.generate();
        String text = wallet.challenge();
        refused(text, thief.sign(text), "SIGNATURE_MISMATCH");
        refused(text, wallet.sign(text + " "), "SIGNATURE_MISMATCH");
        String otherSite = text.replace("127.0.0.1:8080 wants", "evil.example wants");
        refused(otherSite, wallet.sign(otherSite), "DOMAIN_MISMATCH");
        String otherChain = text.replace("solana:mainnet", "solana:devnet");
        refused(otherChain, wallet.sign(otherChain), "NONCE_UNKNOWN");
        String stolen = text.replace(wallet.address(), thief.address());
        refused(stolen, thief.sign(stolen), "NONCE_UNKNOWN");
        String otherKind =
                text.replace("Solana account", "Ethereum account")
                        .replace(wallet.address(), evm.address())
                        .replace("solana:mainnet", "1");
        refused(otherKind, evm.sign(otherKind), "NONCE_UNKNOWN");

        given().contentType(ContentType.JSON)
                .body(Map.of("message", text, "signature", evm.sign(text)))
                .post("/v1/auth/token")
                .then()
                .statusCode(400)
                .body("field", equalTo("signature"));
        TestWallet.exchange(text, wallet.sign(text)).then().statusCode(200);
    }

    private static void refused(String text, String signature, String code) {
        TestWallet.exchange(text, signature).then().statusCode(401).body("code", equalTo(code));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "11111111111111111111111111111111",
                "4uQeVj5tqViQh7yWWGStvkEG1Zmhx6uasJtWCJziofM",
                "SysvarC1ock11111111111111111111111111111111x",
                "0OIl",
                "",
                "a\u0000b",
                "\uff11",
            })
    void shouldRefuseAChallengeWhenTheAddressIsNoPublicKeyOfAWallet(String address) {
        given().contentType(ContentType.JSON)
                .body(Map.of("address", address))
                .post("/v1/auth/challenge")
                .then()
                .statusCode(400)
                .body("field", equalTo("address"))
                .body("detail", not(equalTo("")));
    }

    @Test
    void shouldRefuseAChainIdWhenTheWalletIsOfSolana() {
        given().contentType(ContentType.JSON)
                .body(Map.of("address", TestSolanaWallet.generate().address(), "chainId", 1))
                .post("/v1/auth/challenge")
                .then()
                .statusCode(400)
                .body("field", equalTo("chainId"));
    }
}
