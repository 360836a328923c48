package io.perpetua.accounts.domain.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class KeyEncryptionKeyTest {
    private static final byte[] SECRET = "the secret".getBytes(StandardCharsets.UTF_8);

    private final KeyEncryptionKey key = key(1);

    @Test
    void shouldOpenWhatItSealed() {
        assertThat(key.open(key.seal(SECRET, "signing-key:1"), "signing-key:1")).isEqualTo(SECRET);
        assertThat(key.open(key.seal(new byte[0], "x"), "x")).isEmpty();
    }

    @Test
    void shouldSealDifferentlyEachTime() {
        assertThat(key.seal(SECRET, "x")).isNotEqualTo(key.seal(SECRET, "x"));
        assertThat(new String(key.seal(SECRET, "x"), StandardCharsets.ISO_8859_1))
                .doesNotContain("the secret");
    }

    @Test
    void shouldNotOpenWhenThePurposeOrTheKeyIsAnother() {
        byte[] sealed = key.seal(SECRET, "signing-key:1");

        assertThatThrownBy(() -> key.open(sealed, "signing-key:2"))
                .isInstanceOf(UnopenableSecretException.class);
        assertThatThrownBy(() -> key(2).open(sealed, "signing-key:1"))
                .isInstanceOf(UnopenableSecretException.class);
    }

    @Test
    void shouldNotOpenWhenAnyByteWasChangedOrIsMissing() {
        byte[] sealed = key.seal(SECRET, "x");
        for (int i = 0; i < sealed.length; i++) {
            byte[] tampered = sealed.clone();
            tampered[i] ^= 1;
            assertThatThrownBy(() -> key.open(tampered, "x"))
                    .isInstanceOf(UnopenableSecretException.class);
            byte[] shortened = java.util.Arrays.copyOf(sealed, i);
            assertThatThrownBy(() -> key.open(shortened, "x"))
                    .isInstanceOf(UnopenableSecretException.class);
        }
    }

    @Test
    void shouldDeriveTheSameKeyForTheSamePurposeOnly() {
        assertThat(key.derive("a")).isEqualTo(key(1).derive("a")).isNotEqualTo(key.derive("b"));
        assertThat(key.derive("a")).isNotEqualTo(key(2).derive("a")).hasSize(32);
    }

    private static KeyEncryptionKey key(int first) {
        byte[] bytes = new byte[KeyEncryptionKey.BYTES];
        bytes[0] = (byte) first;
        return new KeyEncryptionKey(bytes, new SecureRandom());
    }
}
