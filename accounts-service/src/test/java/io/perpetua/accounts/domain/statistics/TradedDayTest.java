package io.perpetua.accounts.domain.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.risk.TradesSettled;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TradedDayTest {
    @Test
    void shouldAddUpWhatAUserSettledInADayOfUtc() {
        List<TradedDay> days =
                TradedDay.of(
                        List.of(
                                settled(2, 1, "2026-03-01T00:00:00Z", "100", "-3", "0.05"),
                                settled(1, 1, "2026-02-28T23:59:59.999Z", "10", "1", "0.01"),
                                settled(1, 1, "2026-03-01T00:00:00Z", "20", "0", "-0.02"),
                                settled(1, 2, "2026-02-28T00:00:00Z", "5.5", "-4", "0.03")));

        assertThat(days.stream().map(TradedDayTest::shown))
                .containsExactly(
                        "1 2026-02-28: 2 settlements, 4 fills of 15.5, -3 - 0.04",
                        "1 2026-03-01: 1 settlements, 2 fills of 20, 0 - -0.02",
                        "2 2026-03-01: 1 settlements, 2 fills of 100, -3 - 0.05");
        assertThat(TradedDay.of(List.of())).isEmpty();
    }

    private static String shown(TradedDay day) {
        return "%s %s: %d settlements, %d fills of %s, %s - %s"
                .formatted(
                        day.user(),
                        day.day(),
                        day.settlements(),
                        day.fills(),
                        day.volume(),
                        day.realised(),
                        day.fees());
    }

    private static TradesSettled settled(
            long user, long sequence, String at, String notional, String realised, String fee) {
        return new TradesSettled(
                new UserId(user),
                new SubaccountId(1_000_000 + user),
                new MarketId(1),
                sequence,
                new TradeId(1),
                new TradeId(2),
                2,
                Usd.parse(notional),
                Usd.parse(realised),
                Usd.parse(fee),
                Instant.parse(at).toEpochMilli());
    }
}
