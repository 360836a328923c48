package io.perpetua.accounts.domain.user;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KycStatusTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PENDING   | VERIFIED, REJECTED",
                "VERIFIED  | SUSPENDED",
                "REJECTED  | PENDING",
                "SUSPENDED | VERIFIED, REJECTED",
            })
    void shouldAllowWhatMayFollow(KycStatus now, String next) {
        assertThat(now.next().toString()).isEqualTo("[" + next + "]");
    }
}
