package io.perpetua.orders.domain.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PriceLadderPropertyTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 500, 5_000, 100_000})
    void shouldDoAsTreeMapWhenLevelsComeAndGo(int spread) {
        SplittableRandom random = new SplittableRandom(spread);
        PriceLevels levels = new PriceLevels();
        PriceLadder ladder = new PriceLadder();
        TreeMap<Long, Integer> expected = new TreeMap<>();
        for (int step = 0; step < 50_000; step++) {
            long key = random.nextLong(-spread, spread);
            Integer known = expected.get(key);
            if (known == null || random.nextInt(5) < 2) {
                int level = ladder.obtain(key, key, levels);
                if (known != null) {
                    assertThat(level).isEqualTo(known);
                }
                expected.put(key, level);
            } else {
                ladder.remove(key);
                levels.release(known);
                expected.remove(key);
            }
            assertThat(ladder.best())
                    .isEqualTo(
                            expected.isEmpty()
                                    ? PriceLadder.NONE
                                    : expected.lastEntry().getValue());
            var below = expected.lowerEntry(key);
            assertThat(ladder.next(key))
                    .isEqualTo(below == null ? PriceLadder.NONE : below.getValue());
        }
    }
}
