package io.perpetua.orders.domain.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TradeIdsTest {
    private static final long NOW = 1_767_225_600_000L + 1_000;

    @Test
    void shouldRiseAndNeverRepeatWhenTheClockStandsStillOrGoesBack() {
        TradeIds ids = new TradeIds(5);
        List<Long> seen = new ArrayList<>();

        for (int i = 0; i < 5_000; i++) {
            seen.add(ids.next(i % 7 == 0 ? NOW - 50 : NOW).value());
        }

        assertThat(seen).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void shouldGoOnAboveTheLastWhenStartedAgain() {
        TradeIds before = new TradeIds(5);
        long last = 0;
        for (int i = 0; i < 5_000; i++) {
            last = before.next(NOW).value();
        }
        TradeIds after = new TradeIds(5);
        after.startAfter(last);

        assertThat(after.next(NOW).value()).isGreaterThan(last);
    }

    @Test
    void shouldDifferBetweenShardsWhenMadeAtTheSameTime() {
        Set<Long> seen = new HashSet<>();
        for (int shard = 0; shard < 8; shard++) {
            TradeIds ids = new TradeIds(shard);
            for (int i = 0; i < 3_000; i++) {
                assertThat(seen.add(ids.next(NOW).value())).isTrue();
            }
        }
    }

    @Test
    void shouldCarryItsTimeWhenMade() {
        assertThat(new TradeIds(0).next(NOW).value() >>> 13).isEqualTo(1_000);
        assertThat(TradeIds.atMillis(new TradeIds(7).next(NOW).value())).isEqualTo(NOW);
    }
}
