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

    @ParameterizedTest
    @CsvSource({"5, 899, 5", "5, 900, 4", "5, 2700, 2", "5, 86400, 0", "0, 0, 0", "5, -3600, 5"})
    void shouldTakeOneAttemptBackForEachLongestWait(int attempts, int idleSeconds, int left) {
        assertThat(SignInBackOff.left(attempts, Duration.ofSeconds(idleSeconds))).isEqualTo(left);
    }
}
