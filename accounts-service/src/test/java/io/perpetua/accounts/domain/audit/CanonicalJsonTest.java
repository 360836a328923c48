package io.perpetua.accounts.domain.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
    @Test
    void shouldWriteTheSameBytesWhateverTheOrderOfTheNames() {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("roles", List.of("ADMIN", "RISK_MANAGER"));
        state.put("active", true);
        state.put("name", null);
        state.put("id", 9_007_199_254_740_993L);
        state.put("nested", Map.of("b", 1, "a", List.of()));

        assertThat(CanonicalJson.of(state))
                .isEqualTo(CanonicalJson.of(new TreeMap<>(state).descendingMap()))
                .isEqualTo(
                        "{\"active\":true,\"id\":9007199254740993,\"name\":null,"
                                + "\"nested\":{\"a\":[],\"b\":1},"
                                + "\"roles\":[\"ADMIN\",\"RISK_MANAGER\"]}");
    }

    @Test
    void shouldWritePrintableAsciiOnly() {
        assertThat(CanonicalJson.of(Map.of("a", "\"\\\n\u0000é\ud83d\ude00\ud800")))
                .isEqualTo("{\"a\":\"\\\"\\\\\\u000a\\u0000\\u00e9\\ud83d\\ude00\\ud800\"}");
    }

    @Test
    void shouldRefuseWhatHasMoreThanOneForm() {
        assertThatThrownBy(() -> CanonicalJson.of(Map.of("a", 1.5)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
