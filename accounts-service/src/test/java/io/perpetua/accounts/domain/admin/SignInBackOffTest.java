package io.perpetua.accounts.domain.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignInBackOffTest {
    @ParameterizedTest
    @CsvSource({"1, 0", "4, 0", "5, 10", "6, 20", "11, 640", "12, 900", "1000, 900"})
    void shouldDoubleTheWaitUpToABound(int attempts, int seconds) {
        assertThat(SignInBackOff.after(attempts)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
