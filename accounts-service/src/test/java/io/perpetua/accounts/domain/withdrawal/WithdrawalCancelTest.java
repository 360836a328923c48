package io.perpetua.accounts.domain.withdrawal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WithdrawalCancelTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // state  | calls | noted | decision
                "REQUESTED | 0 | false | NOTE",
                "REQUESTED | 0 | true  | NOTE",
                "RESERVED  | 0 | false | GIVE_BACK",
                "RESERVED  | 1 | false | TOO_LATE",
                "RESERVED  | 1 | true  | GIVE_BACK",
                "REFUSED   | 0 | true  | DONE",
                "REFUSED   | 0 | false | TOO_LATE",
                "SENT      | 0 | false | TOO_LATE",
                "CONFIRMED | 0 | false | TOO_LATE",
                "RETURNED  | 2 | false | TOO_LATE",
                "RETURNED  | 1 | true  | DONE",
            })
    void shouldStopWhatTheCustodianCannotKnowOf(
            WithdrawalState state, int calls, boolean isNoted, WithdrawalCancel decision) {
        assertThat(WithdrawalCancel.decide(state, calls, isNoted)).isEqualTo(decision);
    }
}
