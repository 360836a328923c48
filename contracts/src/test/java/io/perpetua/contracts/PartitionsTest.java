package io.perpetua.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16, 256})
    void shouldHaveAsManyUserShardsAsSet(int shards) {
        assertThat(Partitions.users(Map.of("PERPETUA_USER_SHARDS", String.valueOf(shards))))
                .isEqualTo(shards);
    }

    @Test
    void shouldHaveFourUserShardsWhenNoneAreSet() {
        assertThat(Partitions.users(Map.of())).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "257", "1000", "4 ", "four", "4.0", "04"})
    void shouldRefuseWhatIsNoNumberOfShards(String given) {
        assertThatThrownBy(() -> Partitions.users(Map.of("PERPETUA_USER_SHARDS", given)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PERPETUA_USER_SHARDS")
                .hasMessageContaining("from 1 to 256");
    }
}
