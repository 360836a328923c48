package io.perpetua.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentCheckTest {
    @ParameterizedTest
    @ValueSource(strings = {"/a?%", "/a?%2", "/a?%zz", "/a?b=%&c=1", "/%00/%g0", "/a?%41%"})
    void shouldRefuseWhatCannotBeDecoded(String uri) {
        assertThat(PercentCheck.isDecodable(uri)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "/a?b=%20", "/%D7%90?c=%ff%00", "/a?%25%25zz", "/a?b=%41"})
    void shouldTakeWhatCanBeDecoded(String uri) {
        assertThat(PercentCheck.isDecodable(uri)).isTrue();
    }
}
