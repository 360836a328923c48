package io.perpetua.accounts.domain.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.value.UserId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyRingTest {
    private static final byte[] SECRET = "the secret".getBytes(StandardCharsets.UTF_8);
    private static final SecretPlace PLACE =
            SecretPlace.ofUser("exchange-secret", new UserId(17), 4);

    private final KeyRing ring = ring("a", "b");

    @Test
    void shouldOpenWhatItSealed() {
        assertThat(opened(ring, ring.seal(SECRET, PLACE), PLACE)).isEqualTo(SECRET);
        assertThat(opened(ring, ring.seal(new byte[0], PLACE), PLACE)).isEmpty();
    }

    @Test
    void shouldSealDifferentlyEachTime() {
        SealedSecret sealed = ring.seal(SECRET, PLACE);
        SealedSecret again = ring.seal(SECRET, PLACE);

        assertThat(sealed.ciphertext()).isNotEqualTo(again.ciphertext());
        assertThat(sealed.wrappedKey()).isNotEqualTo(again.wrappedKey());
        assertThat(new String(sealed.bytes(), StandardCharsets.ISO_8859_1))
                .doesNotContain("the secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exchange-secret:17:5",
                "exchange-secret:18:4",
                "exchange-key:17:4",
                "exchange-secret:17",
                "exchange-secret:4",
                "exchange-secret:1:74",
            })
    void shouldNotOpenWhenTheOwnerTheRecordOrThePurposeIsAnother(String place) {
        SealedSecret sealed = ring.seal(SECRET, PLACE);

        assertThatThrownBy(() -> ring.open(sealed, new SecretPlace(place)))
                .isInstanceOf(UnopenableSecretException.class)
                .hasMessageContaining(place);
    }

    @Test
    void shouldNotOpenWhenAnyByteWasChangedOrIsMissing() {
        byte[] sealed = ring.seal(SECRET, PLACE).bytes();
        for (int i = 0; i < sealed.length; i++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                byte[] tampered = sealed.clone();
                tampered[i] ^= (byte) (1 << bit);
                assertThatThrownBy(() -> opened(ring, tampered, PLACE))
                        .isInstanceOf(UnopenableSecretException.class);
            }
            byte[] shortened = Arrays.copyOf(sealed, i);
            assertThatThrownBy(() -> opened(ring, shortened, PLACE))
                    .isInstanceOf(UnopenableSecretException.class);
        }
    }

    @Test
    void shouldNotOpenWhenPartsOfTwoSecretsAreMixed() {
        SealedSecret one = ring.seal(SECRET, PLACE);
        SealedSecret two = ring.seal(SECRET, PLACE);
        SealedSecret mixed = new SealedSecret(one.keyId(), two.wrappedKey(), one.ciphertext());

        assertThatThrownBy(() -> ring.open(mixed, PLACE))
                .isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void shouldWrapWithTheLastKeyAndUnwrapWithAll() {
        SealedSecret old = ring("a").seal(SECRET, PLACE);
        SealedSecret fresh = ring.seal(SECRET, PLACE);

        assertThat(old.keyId()).isEqualTo("a");
        assertThat(fresh.keyId()).isEqualTo("b");
        assertThat(opened(ring, old, PLACE)).isEqualTo(SECRET);
        assertThatThrownBy(() -> ring("b").open(old, PLACE))
                .isInstanceOf(UnopenableSecretException.class);
        assertThatThrownBy(() -> ring("a").open(fresh, PLACE))
                .isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void shouldNeedTheNewestKeyAloneWhenWrappedAnew() {
        SealedSecret old = ring("a").seal(SECRET, PLACE);

        byte[] wrapped = ring.rewrap(old.keyId(), old.wrappedKey(), PLACE);

        SealedSecret moved = new SealedSecret("b", wrapped, old.ciphertext());
        assertThat(opened(ring("b"), moved, PLACE)).isEqualTo(SECRET);
        assertThatThrownBy(
                        () ->
                                ring.rewrap(
                                        old.keyId(),
                                        old.wrappedKey(),
                                        new SecretPlace("exchange-secret:18:4")))
                .isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void shouldOpenASecretOfTheFormWithoutAKeysId() {
        SealedSecret sealed = ring("a").seal(SECRET, PLACE);
        byte[] unnamed =
                new SealedSecret(SealedSecret.UNNAMED, sealed.wrappedKey(), sealed.ciphertext())
                        .bytes();

        assertThat(unnamed[0]).isEqualTo((byte) 1);
        assertThat(opened(ring, unnamed, PLACE)).isEqualTo(SECRET);
        assertThatThrownBy(() -> opened(ring("b"), unnamed, PLACE))
                .isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void shouldDeriveTheSameKeyForTheSamePurposeOnly() {
        assertThat(key("a").derive("a"))
                .isEqualTo(key("a").derive("a"))
                .isNotEqualTo(key("a").derive("b"))
                .isNotEqualTo(key("b").derive("a"))
                .hasSize(32);
    }

    @Test
    void shouldNeverPrintWhatIsSecret() {
        Secret secret = Secret.owning(SECRET.clone());

        assertThat(secret + "" + ring.seal(SECRET, PLACE) + key("a"))
                .isEqualTo("Secret[****]SealedSecret[b]KeyEncryptionKey[a]");
        assertThat(secret.hint()).isEqualTo("****");
        assertThat(Secret.owning("0123456789abcdef".getBytes(StandardCharsets.UTF_8)).hint())
                .isEqualTo("****cdef");
    }

    @Test
    void shouldOverwriteTheSecretWhenItIsClosed() {
        Secret secret = Secret.ofText("xsecretx".toCharArray(), 1, 6);
        byte[] bytes = secret.bytes();
        assertThat(bytes).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));

        secret.close();

        assertThat(bytes).containsOnly(0);
    }

    @Test
    void shouldRefuseATextThatIsNoSecretWithoutRepeatingIt() {
        for (String text : List.of("", "tab\ttab", "nul\0", "\u05d0", "x".repeat(4_097))) {
            assertThatThrownBy(() -> Secret.ofText(text.toCharArray(), 0, text.length()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a secret has ");
        }
    }

    @Test
    void shouldSignAsTheStandardSays() {
        Secret secret = Secret.ofText("Jefe".toCharArray(), 0, 4);

        byte[] message = "what do ya want for nothing?".getBytes(StandardCharsets.UTF_8);
        assertThat(HexFormat.of().formatHex(secret.hmac("HmacSHA256", message)))
                .as("RFC 4231, case 2")
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        assertThat(HexFormat.of().formatHex(secret.hmac("HmacSHA512", message)))
                .as("RFC 4231, case 2")
                .isEqualTo(
                        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
                                + "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
    }

    private static byte[] opened(KeyRing with, byte[] piece, SecretPlace place) {
        return opened(
                with,
                SealedSecret.parse(piece).orElseThrow(() -> new UnopenableSecretException(place)),
                place);
    }

    private static byte[] opened(KeyRing with, SealedSecret sealed, SecretPlace place) {
        try (Secret secret = with.open(sealed, place)) {
            return secret.bytes().clone();
        }
    }

    private static KeyRing ring(String... ids) {
        return new KeyRing(Stream.of(ids).map(KeyRingTest::key).toList(), new SecureRandom());
    }

    private static KeyEncryptionKey key(String id) {
        byte[] bytes = new byte[KeyEncryptionKey.BYTES];
        bytes[0] = (byte) id.charAt(0);
        return new KeyEncryptionKey(id, bytes);
    }
}
