package io.perpetua.marketdata.domain.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptBudgetTest {
    private static final long NOW = 1_700_000_000_000L;

    @Test
    void shouldAllowAllOfASecondAtOnceAndThenEvenly() {
        PromptBudget budget = new PromptBudget(10);
        int taken = 0;
        for (long at = NOW; at < NOW + 1; at++) {
            while (budget.allows(at)) {
                budget.take(at);
                taken++;
            }
        }
        assertThat(taken).isEqualTo(10);

        int later = 0;
        for (long at = NOW + 1; at <= NOW + 5_000; at++) {
            if (budget.allows(at)) {
                budget.take(at);
                later++;
            }
        }

        assertThat(later).isEqualTo(50);
    }

    @Test
    void shouldAllowAgainWhenTheClockIsSetBack() {
        PromptBudget budget = new PromptBudget(1);
        budget.take(NOW);
        assertThat(budget.allows(NOW + 500)).isFalse();

        assertThat(budget.allows(NOW - 60_000)).isTrue();
        budget.take(NOW - 60_000);

        assertThat(budget.allows(NOW - 59_500)).isFalse();
    }
}
