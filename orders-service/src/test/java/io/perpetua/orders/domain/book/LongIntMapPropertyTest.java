package io.perpetua.orders.domain.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongIntMapPropertyTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldDoAsHashMapWhenPutAndRemovedAtRandom(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        LongIntMap map = new LongIntMap();
        Map<Long, Integer> expected = new HashMap<>();
        for (int step = 0; step < 50_000; step++) {
            long key = random.nextInt(3) == 0 ? -random.nextInt(900) : random.nextInt(900) << 20;
            if (random.nextInt(9) < 5) {
                map.put(key, step);
                expected.put(key, step);
            } else {
                map.remove(key);
                expected.remove(key);
            }
            assertThat(map.get(key)).isEqualTo(expected.getOrDefault(key, LongIntMap.NONE));
            assertThat(map.size()).isEqualTo(expected.size());
        }
        expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
    }
}
