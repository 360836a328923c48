package io.perpetua.accounts.domain.signin;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.accounts.domain.signin.SignInDecision.Proven;
import io.perpetua.accounts.domain.signin.SignInDecision.Refused;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.web3j.crypto.ECKeyPair;
import org.web3j.crypto.Keys;
import org.web3j.crypto.Sign;

class SignInRulesTest {
    private static final Instant NOW = Instant.parse("2026-05-01T10:00:00.250Z");
    private static final SignInRules RULES =
            new SignInRules(
                    "localhost:8080",
                    URI.create("http://localhost:8080"),
                    "Sign in to Perpetua.",
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(30));
    private static final SignInNonces NONCES = new SignInNonces(List.of(new byte[] {1, 2, 3}));
    private static final ECKeyPair KEYS = ECKeyPair.create(BigInteger.valueOf(4711));
    private static final ECKeyPair OTHER_KEYS = ECKeyPair.create(BigInteger.valueOf(4712));

    @Test
    void shouldProveTheWalletWhenItSignsTheChallenge() {
        SignInMessage challenge = challenge();

        SignInDecision decision = decide(challenge.text(), KEYS, NOW.plusSeconds(200));

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Proven.class,
                        proven -> {
                            assertThat(proven.wallet()).isEqualTo(addressOf(KEYS));
                            assertThat(proven.nonce().text()).isEqualTo(challenge.nonce());
                            assertThat(proven.nonce().expiresAt())
                                    .isEqualTo(Instant.parse("2026-05-01T10:05:00Z"));
                        });
    }

    @Test
    void shouldRecogniseANonceOfAnOlderKeyWhenTheNewestIsAnother() {
        byte[] older = {1};
        byte[] newer = {2};
        SignInNonce nonce =
                new SignInNonces(List.of(older))
                        .issue(
                                ChallengePurpose.SIGN_IN,
                                addressOf(KEYS),
                                Chain.evm(1),
                                NOW.plusSeconds(60),
                                new byte[12]);

        assertThat(recognised(new SignInNonces(List.of(older, newer)), nonce)).contains(nonce);
        assertThat(recognised(new SignInNonces(List.of(newer)), nonce)).isEmpty();
    }

    @Test
    void shouldProveTheWalletWhenItsOwnMessageUsesOurNonce() {
        SignInMessage challenge = challenge();
        String own =
                """
                localhost:8080 wants you to sign in with your Ethereum account:
                %s


                URI: http://localhost:8080/terminal
                Version: 1
                Chain ID: 1
                Nonce: %s
                Issued At: 2026-05-01T10:00:10.123Z\
                """
                        .formatted(addressOf(KEYS).checksummed(), challenge.nonce());

        assertThat(decide(own, KEYS, NOW.plusSeconds(10))).isInstanceOf(Proven.class);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost:8080 wants, evil.example wants,                              DOMAIN_MISMATCH",
        "localhost:8080 wants, localhost:80 wants,                              DOMAIN_MISMATCH",
        "URI: http://localhost:8080, URI: https://localhost:8080,               URI_MISMATCH",
        "URI: http://localhost:8080, URI: http://localhost:8080@evil.example,   URI_MISMATCH",
        "URI: http://localhost:8080, URI: mailto:x@example.org,                 URI_MISMATCH",
        "Chain ID: 1, Chain ID: 10,                                             NONCE_UNKNOWN",
        "Expiration Time: 2026-05-01T10:05, Expiration Time: 2026-05-01T10:00,  MESSAGE_EXPIRED",
        "Issued At: 2026-05-01T10:00:00Z, Issued At: 2026-05-01T11:00:00Z,"
                + " MESSAGE_NOT_YET_VALID",
        "Expiration Time: 2026-05-01T10:05:00Z, Not Before: 2026-05-01T10:04:00Z,"
                + " MESSAGE_NOT_YET_VALID",
        "Version: 1, Version: 1, SIGNATURE_MISMATCH",
    })
    void shouldRefuseWhenTheMessageIsNotTheChallenge(
            String was, String is, SignInRefusal expected) {
        String text = challenge().text();
        assertThat(text).contains(was);
        ECKeyPair signer = expected == SignInRefusal.SIGNATURE_MISMATCH ? OTHER_KEYS : KEYS;

        SignInDecision decision = decide(text.replace(was, is), signer, NOW.plusSeconds(1));

        assertThat(decision).isEqualTo(new Refused(expected));
    }

    @Test
    void shouldRefuseWhenTheChallengeIsOlderThanItsValidity() {
        assertThat(decide(challenge().text(), KEYS, Instant.parse("2026-05-01T10:05:00Z")))
                .isEqualTo(new Refused(SignInRefusal.MESSAGE_EXPIRED));
    }

    @Test
    void shouldRefuseWhenTheNonceIsNotOurs() {
        SignInMessage challenge = challenge();
        UnaryOperator<String> flipped =
                nonce -> (nonce.charAt(0) == '0' ? "1" : "0") + nonce.substring(1);

        assertThat(decide(withNonce(challenge, flipped.apply(challenge.nonce())), KEYS, NOW))
                .isEqualTo(new Refused(SignInRefusal.NONCE_UNKNOWN));
        assertThat(decide(withNonce(challenge, "12345678"), KEYS, NOW))
                .isEqualTo(new Refused(SignInRefusal.NONCE_UNKNOWN));
        SignInNonce others =
                NONCES.issue(
                        ChallengePurpose.SIGN_IN,
                        addressOf(OTHER_KEYS),
                        Chain.evm(1),
                        NOW.plusSeconds(60),
                        new byte[12]);
        assertThat(decide(withNonce(challenge, others.text()), KEYS, NOW))
                .isEqualTo(new Refused(SignInRefusal.NONCE_UNKNOWN));
        SignInNonce otherKey =
                new SignInNonces(List.of(new byte[] {9}))
                        .issue(
                                ChallengePurpose.SIGN_IN,
                                addressOf(KEYS),
                                Chain.evm(1),
                                NOW.plusSeconds(60),
                                new byte[12]);
        assertThat(decide(withNonce(challenge, otherKey.text()), KEYS, NOW))
                .isEqualTo(new Refused(SignInRefusal.NONCE_UNKNOWN));
    }

    private static Optional<SignInNonce> recognised(SignInNonces nonces, SignInNonce nonce) {
        return nonces.recognise(
                nonce.text(), ChallengePurpose.SIGN_IN, addressOf(KEYS), Chain.evm(1));
    }

    private static SignInMessage challenge() {
        return RULES.challenge(
                NONCES, ChallengePurpose.SIGN_IN, addressOf(KEYS), Chain.evm(1), new byte[12], NOW);
    }

    private static String withNonce(SignInMessage challenge, String nonce) {
        return challenge.text().replace(challenge.nonce(), nonce);
    }

    private static SignInDecision decide(String text, ECKeyPair signer, Instant now) {
        return RULES.decide(
                NONCES,
                ChallengePurpose.SIGN_IN,
                SignInMessage.parse(text),
                text,
                sign(text, signer),
                now);
    }

    private static EvmSignature sign(String text, ECKeyPair keys) {
        Sign.SignatureData data =
                Sign.signPrefixedMessage(text.getBytes(StandardCharsets.UTF_8), keys);
        HexFormat hex = HexFormat.of();
        return new EvmSignature(
                "0x"
                        + hex.formatHex(data.getR())
                        + hex.formatHex(data.getS())
                        + hex.formatHex(data.getV()));
    }

    private static EvmAddress addressOf(ECKeyPair keys) {
        return EvmAddress.parse("0x" + Keys.getAddress(keys));
    }
}
