package io.perpetua.accounts.domain.availability;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvailableBalanceTest {
    private static final long CREDITS = 3;

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    # balance, withdrawable, live,  credits at risk, availability, locked, available
                    100,       100,          true,  3,               KNOWN,        0,      100
                    100,       40,           true,  3,               KNOWN,        60,     40
                    100,       0,            true,  3,               KNOWN,        100,    0
                    # a profit that is not posted yet; a credit that was read at risk and not here
                    100,       130,          true,  3,               KNOWN,        0,      100
                    100,       100,          true,  4,               KNOWN,        0,      100
                    # a loss that is not posted yet
                    0,         0,            true,  3,               KNOWN,        0,      0
                    -5,        0,            true,  3,               KNOWN,        0,      0
                    -5,        2,            true,  3,               KNOWN,        0,      0
                    100,       90,           true,  2,               BEHIND,       ,
                    100,       ,             true,  3,               UNAVAILABLE,  ,
                    100,       90,           false, 3,               UNAVAILABLE,  ,
                    """)
    void shouldDivideWhatTheLedgerHasByWhatRiskSays(
            String balance,
            @Nullable String withdrawable,
            boolean live,
            long creditsAtRisk,
            Availability availability,
            @Nullable String locked,
            @Nullable String available) {
        RiskAccount account =
                new RiskAccount(
                        new SubaccountId(1),
                        null,
                        null,
                        null,
                        null,
                        usd(withdrawable),
                        live,
                        0,
                        0,
                        creditsAtRisk);

        assertThat(AvailableBalance.of(Usd.parse(balance), CREDITS, account))
                .isEqualTo(new AvailableBalance(availability, usd(locked), usd(available)));
    }

    @Test
    void shouldBeBehindWhenRiskDoesNotKnowTheAccount() {
        assertThat(AvailableBalance.of(Usd.ZERO, 0, null).availability())
                .isEqualTo(Availability.BEHIND);
    }

    private static @Nullable Usd usd(@Nullable String text) {
        return text == null ? null : Usd.parse(text);
    }
}
