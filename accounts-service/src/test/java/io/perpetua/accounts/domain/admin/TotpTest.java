package io.perpetua.accounts.domain.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
    private static final Totp TOTP =
            new Totp("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    /** RFC 6238, appendix B, the last six of its eight digits. */
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130",
    })
    void shouldGiveTheCodesOfTheStandard(long second, String code) {
        assertThat(TOTP.code(Totp.step(Instant.ofEpochSecond(second)))).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "-2, 0, false",
        "-1, 0, true",
        "0, 0, true",
        "1, 0, true",
        "2, 0, false",
        "0, 40000000, false",
        "-1, 39999999, false",
        "1, 40000000, true",
    })
    void shouldTakeACodeOnceAndOfItsStepOrTheNext(int offset, long lastUsed, boolean isTaken) {
        long step = 40_000_000;
        Instant now = Instant.ofEpochSecond(step * 30 + 7);

        assertThat(TOTP.match(TOTP.code(step + offset), now, lastUsed).isPresent())
                .isEqualTo(isTaken);
    }

    @Test
    void shouldWriteTheSecretForAnAuthenticatorApp() {
        assertThat(TOTP.uri(new AdminName("root")))
                .isEqualTo(
                        "otpauth://totp/Perpetua:root?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                                + "&issuer=Perpetua&algorithm=SHA1&digits=6&period=30");
        assertThat(TOTP.toString()).isEqualTo("Totp[]");
    }
}
