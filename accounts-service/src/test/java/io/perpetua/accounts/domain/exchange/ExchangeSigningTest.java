package io.perpetua.accounts.domain.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import io.perpetua.accounts.domain.exchange.SignedParts.Part;
import io.perpetua.accounts.domain.vault.Secret;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExchangeSigningTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String KEY_NAME = "organizations/0a1b/apiKeys/2c3d";
    private static final String REQUEST = "GET api.coinbase.com/api/v3/brokerage/accounts";

    /** Made by {@code openssl ecparam -name prime256v1 -genkey -noout}. */
    private static final String PEM =
            """
            -----BEGIN EC PRIVATE KEY-----
            MHcCAQEEID1gvdRNERfBh0zJhm+FPvN/Vjhl/WWi3jqKwInPEHtSoAoGCCqGSM49
            AwEHoUQDQgAE0Tf7gM6wgsmZ3giLekx7zpQJ0poTHwTixYti5mjpaTBCzRp2kWBI
            wQKoucCUcOM2V6uD4S6vdXfUFRI/bI/mBA==
            -----END EC PRIVATE KEY-----
            """;

    /** Of the same key, from {@code openssl ec -pubout}. */
    private static final String PUBLIC_KEY =
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE0Tf7gM6wgsmZ3giLekx7zpQJ0poTHwTixYti5mjpaTBCzRp2kWBI"
                    + "wQKoucCUcOM2V6uD4S6vdXfUFRI/bI/mBA==";

    private static final String BASE64 =
            "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99HAZtuZuj6F1huXg==";

    private static Secret secret(String text) {
        return Secret.ofText(text.toCharArray(), 0, text.length());
    }

    private static ExchangeSigning signing(String exchange, Secret secret) {
        return ExchangeApi.of(exchange, secret).signing();
    }

    private static Optional<String> sign(ExchangeSigning signing, Secret secret, Message message) {
        return signing.sign(
                new ExchangeCredentials(secret(KEY_NAME), secret, null),
                message,
                NOW,
                new byte[] {1, 2, 3});
    }

    /** The example of Kraken's documentation, "Spot REST authentication". */
    @Test
    void shouldSignAsKrakenDocuments() {
        Secret secret =
                secret(
                        "kQH5HW/8p1uGOVjbgWA7FunAmGO8lsSUXNsu3eow76sz84Q18fWxnyRzBHCd3pd5nE9qa99H"
                                + "AZtuZuj6F1huXg==");
        Message message =
                new Message(
                        "nonce=1616492376594&ordertype=limit&pair=XBTUSD&price=37500&type=buy"
                                + "&volume=1.25",
                        "/0/private/AddOrder",
                        "1616492376594");

        assertThat(sign(signing("kraken", secret), secret, message))
                .contains(
                        "4/dpxb3iT4tp/ZCVEwSnEsLxx0bqyhLpdfOpc6fn7OR8+UClSV5n9E6aSS8MPtnRfp32bAb0"
                                + "nmbRn6H8ndwLUQ==");
    }

    /** The example of Binance's documentation, "Signed trade and user data endpoints". */
    @Test
    void shouldSignAsBinanceDocuments() {
        Secret secret = secret("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
        Message message =
                new Message(
                        "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
                                + "&recvWindow=5000&timestamp=1499827319559",
                        null,
                        null);

        assertThat(sign(signing("Binance", secret), secret, message))
                .contains("c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldSignForCoinbaseWhatAnotherLibraryVerifies(boolean areLineEndsWrittenOut)
            throws Exception {
        Secret secret = secret(areLineEndsWrittenOut ? PEM.replace("\n", "\\n") : PEM);
        ExchangeSigning signing = signing("Coinbase", secret);

        String token = sign(signing, secret, new Message(REQUEST, null, null)).orElseThrow();

        assertThat(signing).isEqualTo(ExchangeSigning.ES256);
        PublicKey key =
                KeyFactory.getInstance("EC")
                        .generatePublic(
                                new X509EncodedKeySpec(Base64.getDecoder().decode(PUBLIC_KEY)));
        JwtClaims claims =
                new JwtConsumerBuilder()
                        .setJwsAlgorithmConstraints(ConstraintType.PERMIT, "ES256")
                        .setVerificationKey(key)
                        .setEvaluationTime(NumericDate.fromSeconds(NOW.getEpochSecond() + 119))
                        .setRequireExpirationTime()
                        .setExpectedIssuer("cdp")
                        .setExpectedSubject(KEY_NAME)
                        .build()
                        .processToClaims(token);
        assertThat(claims.getClaimValueAsString("uri")).isEqualTo(REQUEST);
        assertThat(claims.getExpirationTime().getValue())
                .isEqualTo(claims.getNotBefore().getValue() + 120);
        JsonWebSignature head = new JsonWebSignature();
        head.setCompactSerialization(token);
        assertThat(head.getKeyIdHeaderValue()).isEqualTo(KEY_NAME);
        assertThat(head.getHeader("nonce")).isEqualTo("010203");
        assertThat(head.getHeader("typ")).isEqualTo("JWT");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-----BEGIN EC PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY----------END EC PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----!-----END EC PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----",
                // of secp256k1
                "-----BEGIN EC PRIVATE KEY-----MHQCAQEEIJBIqRLNC41J1FtD3NX27AV8GfyAU2KBOsBWXynDKTkc"
                        + "oAcGBSuBBAAKoUQDQgAELKkzvz7YkWvQWjhU9a9T3W4DM7piLoDHTHBXa3XgzbMcnHRb/UwrD0Zv"
                        + "MljstlLnuyofwVczZOnGbMf8N2k9Rw==-----END EC PRIVATE KEY-----",
                // of the value 0
                "-----BEGIN EC PRIVATE KEY-----MDECAQEEIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAoA"
                        + "oGCCqGSM49AwEH-----END EC PRIVATE KEY-----",
            })
    void shouldNotSignForCoinbaseWhenASecretIsNoKeyOnItsCurve(String pem) {
        Secret secret = secret(pem);

        assertThat(signing("coinbase", secret)).isEqualTo(ExchangeSigning.ES256);
        assertThat(sign(ExchangeSigning.ES256, secret, new Message(REQUEST, null, null))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET api.coinbase.com/api/v3/brokerage/accounts, true",
        "POST api.coinbase.com:443/, true",
        "get api.coinbase.com/, false",
        "GET https://api.coinbase.com/, false",
        "GET api.coinbase.com, false",
        "'GET api.coinbase.com/a b', false",
        "side=BUY, false",
    })
    void shouldSignForCoinbaseNothingButRequests(String payload, boolean isSigned) {
        assertThat(ExchangeSigning.ES256.signs(payload)).isEqualTo(isSigned);
        assertThat(ExchangeSigning.HMAC_SHA256.signs(payload)).isTrue();
    }

    @Test
    void shouldLetNobodySendWhatCarriesASecret() {
        ExchangeApi api = ExchangeApi.of("Coinbase", secret("NhqPtmdSJYdKjVHjA7PZ"));

        assertThat(api).isEqualTo(ExchangeApi.COINBASE_EXCHANGE);
        assertThat(api.sendsASecret()).isTrue();
        assertThatThrownBy(() -> parts("Coinbase", BASE64, new Message("a", null, null)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** By {@code openssl dgst -sha256 -hmac}, over what its documentation says. */
    @Test
    void shouldSignAsCoinbaseExchangeDocuments() {
        assertThat(
                        sign(
                                ExchangeSigning.HMAC_SHA256_BASE64,
                                secret(BASE64),
                                new Message("1700000000GET/accounts", null, null)))
                .contains("o/cMCtzJhrVLMZB7mSvfTQT1yS5rZYn1A7SctbbyVJM=");
    }

    /** By {@code sha256sum}, over what its documentation says. */
    @Test
    void shouldSignAsKiteConnectDocuments() {
        SignedParts parts =
                parts("Zerodha", "api-secret", new Message("xVdSXXXXiTnO3xlP", null, null));

        assertThat(parts.signature())
                .isEqualTo("9ec4a7dc1e7f812cbf88cf5390da0c6bd745477ad5798a712f9aa147077f8f35");
        assertThat(parts.headers()).containsExactly(new Part("X-Kite-Version", "3"));
        assertThat(parts.parameters())
                .containsExactly(
                        new Part("api_key", KEY_NAME),
                        new Part("request_token", "xVdSXXXXiTnO3xlP"),
                        new Part("checksum", parts.signature()));
    }

    @Test
    void shouldSayWhereASignatureGoes() {
        Message message = new Message("nonce=7", "/0/private/Balance", "7");
        SignedParts kraken = parts("Kraken", BASE64, message);
        SignedParts binance = parts("Binance", "s", new Message("a=b", null, null));
        SignedParts coinbase = parts("Coinbase", PEM, new Message(REQUEST, null, null));
        SignedParts other = parts("Elsewhere", "s", new Message("a=b", null, null));

        assertThat(kraken.headers())
                .containsExactly(
                        new Part("API-Key", KEY_NAME), new Part("API-Sign", kraken.signature()));
        assertThat(kraken.parameters()).isEmpty();
        assertThat(binance.headers()).containsExactly(new Part("X-MBX-APIKEY", KEY_NAME));
        assertThat(binance.parameters())
                .containsExactly(new Part("signature", binance.signature()));
        assertThat(coinbase.headers())
                .containsExactly(new Part("Authorization", "Bearer " + coinbase.signature()));
        assertThat(other.headers()).isEmpty();
        assertThat(other.signature()).isEqualTo(binance.signature());
        assertThat(kraken.toString() + binance).doesNotContain(KEY_NAME);
    }

    private static SignedParts parts(String exchange, String secret, Message message) {
        ExchangeCredentials with = new ExchangeCredentials(secret(KEY_NAME), secret(secret), null);
        return SignedParts.of(
                        ExchangeApi.of(exchange, with.secret()), with, message, NOW, new byte[] {1})
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"not base64!", "a", "====", "kQH5HW/8p1uG\\"})
    void shouldNotSignWhenASecretIsNoneOfKrakens(String text) {
        assertThat(sign(ExchangeSigning.HMAC_SHA512, secret(text), new Message("a=b", "/0", "1")))
                .isEmpty();
    }

    @Test
    void shouldNeedPathAndNonceWhereTheyAreSigned() {
        Message bare = new Message("a=b", null, null);
        assertThatThrownBy(() -> sign(ExchangeSigning.HMAC_SHA512, secret("AAAA"), bare))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
