package io.perpetua.risk.domain.transfer;

import static io.perpetua.contracts.risk.WithdrawalRefusal.MARK_PRICE_UNAVAILABLE;
import static io.perpetua.contracts.risk.WithdrawalRefusal.WITHDRAWABLE_EXCEEDED;
import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.STALE_AFTER_MILLIS;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.margin.Account;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollateralWithdrawalTest {
    private static final long NOW = 100_000;

    private final Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Venue venue = new Venue().list(market(BTC)).mark(BTC, "100", NOW);

    private CollateralWithdrawal decide(String amount) {
        return CollateralWithdrawal.decide(usd(amount), account, venue, venue, NOW);
    }

    /** A position of 10 bought at 100: kept is max(initial 10 %, a tenth) of the notional. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // collateral | size | mark | withdrawable
                "100          | 0    | 100  | 100",
                "500          | 10   | 100  | 400",
                "500          | 10   | 110  | 390",
                "500          | 10   | 90   | 310",
                "100          | 10   | 100  | 0",
                "100          | 10   | 90   | 0",
            })
    void shouldReserveWhatMayLeaveAndNoMore(
            String collateral, String size, String mark, String withdrawable) {
        account.credit(usd(collateral), 1);
        if (!size.equals("0")) {
            account.holdingIn(BTC).apply(Orders.opening(BTC, "100", size));
        }
        venue.mark(BTC, mark, NOW);

        CollateralWithdrawal refused =
                new CollateralWithdrawal.Refused(WITHDRAWABLE_EXCEEDED, usd(withdrawable));
        String more = usd(withdrawable).plus(usd("0.000001")).toString();
        assertThat(decide(more)).isEqualTo(refused);
        assertThat(decide("0")).isEqualTo(refused);
        assertThat(decide("-1")).isEqualTo(refused);
        if (usd(withdrawable).signum() > 0) {
            assertThat(decide(withdrawable)).isEqualTo(new CollateralWithdrawal.Reserved());
        }
    }

    @Test
    void shouldNeedFreshMarksOnlyWhereSomethingIsOpen() {
        account.credit(usd("500"), 1);
        venue.mark(BTC, "100", NOW - STALE_AFTER_MILLIS - 1);
        assertThat(decide("1")).isEqualTo(new CollateralWithdrawal.Reserved());

        account.holdingIn(BTC).apply(Orders.opening(BTC, "100", "1"));
        assertThat(decide("1"))
                .isEqualTo(new CollateralWithdrawal.Refused(MARK_PRICE_UNAVAILABLE, null));
    }
}
