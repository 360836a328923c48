package io.perpetua.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoOptionsTest {
    @Test
    void shouldTradeForTwoMinutesWhenNothingIsAsked() {
        DemoOptions options = DemoOptions.parse(List.of());

        assertThat(options.minutes()).isEqualTo(2);
        assertThat(options.accounts()).isEqualTo(20);
        assertThat(options.bars()).isNull();
        assertThat(options.url()).isEqualTo(URI.create("http://127.0.0.1:8080"));
    }

    @Test
    void shouldTakeWhatIsAsked() {
        DemoOptions options =
                DemoOptions.parse(List.of("--minutes", "0.5", "--accounts", "7", "--seed", "9"));

        assertThat(options.minutes()).isEqualTo(0.5);
        assertThat(options.accounts()).isEqualTo(7);
        assertThat(options.seed()).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--minutes",
                "--minutes x",
                "--minutes 0",
                "--accounts -1",
                "--accounts 501",
                "--bars /no/such/file",
                "--what",
                "--help"
            })
    void shouldSayWhatIsWrongWhenMisused(String line) {
        assertThatThrownBy(() -> DemoOptions.parse(List.of(line.split(" ", -1))))
                .isInstanceOf(DemoOptions.UsageException.class)
                .hasMessageMatching("(?s).*\\w.*");
    }
}
