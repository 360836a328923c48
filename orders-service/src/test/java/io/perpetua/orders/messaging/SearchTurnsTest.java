package io.perpetua.orders.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.UserId;
import org.junit.jupiter.api.Test;

class SearchTurnsTest {
    private final SearchTurns turns = new SearchTurns();

    @Test
    void shouldLeavePlacesForOthersWhenOneUserAsksForMany() {
        for (int i = 0; i < SearchTurns.MOST_OF_A_USER; i++) {
            assertThat(turns.enter(new UserId(1))).isTrue();
        }

        assertThat(turns.enter(new UserId(1))).isFalse();
        assertThat(turns.enter(new UserId(2))).isTrue();
        turns.leave(new UserId(1));
        assertThat(turns.enter(new UserId(1))).isTrue();
        assertThat(turns.enter(new UserId(1))).isFalse();
    }

    @Test
    void shouldTakeNoMoreThanItsBoundWhenManyUsersAsk() {
        for (int user = 1; user <= SearchTurns.MOST; user++) {
            assertThat(turns.enter(new UserId(user))).isTrue();
        }

        assertThat(turns.enter(new UserId(99))).isFalse();
        turns.leave(new UserId(1));
        assertThat(turns.enter(new UserId(99))).isTrue();
        assertThat(turns.enter(new UserId(1))).isFalse();
    }
}
