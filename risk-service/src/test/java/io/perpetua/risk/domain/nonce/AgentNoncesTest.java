package io.perpetua.risk.domain.nonce;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgentNoncesTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long DAY = 86_400_000;
    private static final UserId USER = new UserId(7);
    private static final int BTC = 1;

    private final AgentNonces nonces = new AgentNonces();
    private final List<AgentNonces.Key> forgotten = new ArrayList<>();
    private long commands;

    private OrderId take(String agent, long value, long hash, int market) {
        OrderId command = new OrderId(++commands);
        nonces.take(
                new UsedNonce(USER, new AgentNonce(agent, value, hash), market, command, null),
                forgotten::add);
        return command;
    }

    private String judged(String agent, long value, long hash, int market, long now) {
        return switch (nonces.judge(new AgentNonce(agent, value, hash), market, now)) {
            case NonceVerdict.Fresh() -> "FRESH";
            case NonceVerdict.Repeated(UsedNonce first) -> "REPEATED " + first.command();
            case NonceVerdict.Refused(var refusal) -> refusal.name();
        };
    }

    /** Used before, in BTC: 100 times 10 s apart, the first 1,000 s ago, all with the hash 5. */
    @ParameterizedTest
    @CsvSource({
        // offset to now in ms, agent, hash, market, verdict
        "-172800001, a, 5, 1, NONCE_OUT_OF_WINDOW",
        "-172800000, b, 5, 1, FRESH",
        "  86400001, a, 5, 1, NONCE_OUT_OF_WINDOW",
        "  86400000, a, 5, 1, FRESH",
        "  -1000000, a, 5, 1, REPEATED 1",
        "  -1000000, a, 6, 1, NONCE_REUSED",
        "  -1000000, a, 6, 2, NONCE_REUSED",
        "  -1000000, a, 5, 2, FRESH",
        "  -1000000, b, 5, 1, FRESH",
        "  -1000001, a, 5, 1, NONCE_TOO_LOW",
        "   -999999, a, 5, 1, FRESH",
        "    -10000, a, 5, 1, REPEATED 100",
        "         0, a, 5, 1, FRESH",
    })
    void shouldTakeANumberOnce(long offset, String agent, long hash, int market, String verdict) {
        // Given
        for (int i = 100; i >= 1; i--) {
            take("a", NOW - i * 10_000L, 5, BTC);
        }

        // When, Then
        assertThat(judged(agent, NOW + offset, hash, market, NOW)).isEqualTo(verdict);
        assertThat(forgotten).isEmpty();
    }

    @Test
    void shouldKeepTheHundredHighestWhenMoreAreTaken() {
        // Given
        for (int i = 0; i < 100; i++) {
            take("a", NOW + i, 5, BTC);
        }
        take("a", NOW + 50, 5, BTC + 1);

        // When
        take("a", NOW + 200, 5, BTC);

        // Then
        assertThat(forgotten).containsExactly(new AgentNonces.Key("a", NOW));
        assertThat(judged("a", NOW, 5, BTC, NOW)).isEqualTo("NONCE_TOO_LOW");
        assertThat(judged("a", NOW + 1, 5, BTC, NOW)).isEqualTo("REPEATED 2");
        assertThat(judged("a", NOW + 50, 5, BTC + 1, NOW)).isEqualTo("REPEATED 101");
        assertThat(nonces.all()).hasSize(101);
    }

    @Test
    void shouldForgetOnlyWhatIsTooOldToBeUsed() {
        // Given
        take("a", NOW, 5, BTC);
        take("b", NOW + DAY, 5, BTC);

        // When
        nonces.forgetOld(NOW + 2 * DAY, forgotten::add);
        assertThat(forgotten).isEmpty();
        nonces.forgetOld(NOW + 3 * DAY - 1, forgotten::add);

        // Then
        assertThat(forgotten).containsExactly(new AgentNonces.Key("a", NOW));
        assertThat(judged("a", NOW, 5, BTC, NOW + 3 * DAY - 1)).isEqualTo("NONCE_OUT_OF_WINDOW");
        assertThat(judged("b", NOW + DAY, 5, BTC, NOW + 3 * DAY - 1)).isEqualTo("REPEATED 2");
    }
}
