package io.perpetua.accounts.domain.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {
    /** Of the tests of Argon2's reference implementation. */
    private static final String KNOWN =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ"
                    + "$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DSiRuBfYxFj94";

    @Test
    void shouldMatchWhenTheReferenceImplementationMadeTheHash() {
        PasswordHash known = PasswordHash.parse(KNOWN);

        assertThat(known.matches(Password.parse("differentpassword"))).isTrue();
        assertThat(known.matches(Password.parse("differentpasswore"))).isFalse();
        assertThat(known.text()).isEqualTo(KNOWN);
    }

    @Test
    void shouldMatchNoOtherPasswordWhenMadeAnew() {
        Password password = Password.parse("correct horse battery");
        PasswordHash hash = PasswordHash.of(password, new SecureRandom());

        PasswordHash read = PasswordHash.parse(hash.text());

        assertThat(read.matches(password)).isTrue();
        assertThat(read.matches(Password.parse("correct horse batterz"))).isFalse();
        assertThat(hash.text()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hash.toString() + password).isEqualTo("PasswordHash[]Password[]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DS",
                "$argon2id$v=19$m=7,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DS",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DS",
                "$argon2id$v=19$m=65536,t=0,p=1$c29tZXNhbHQ$C4TWUs9rDEvq7w3+J4umqA32aWKB1+DS",
            })
    void shouldRefuseWhatIsNoHash(String text) {
        assertThatThrownBy(() -> PasswordHash.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "elevenchars", "with\u0000control", "lone surrogate \ud800"})
    void shouldRefuseWhatIsNoPassword(String text) {
        assertThatThrownBy(() -> Password.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
