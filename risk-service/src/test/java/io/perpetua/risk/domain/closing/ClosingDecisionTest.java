package io.perpetua.risk.domain.closing;

import static io.perpetua.contracts.orders.Side.BUY;
import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.usd;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.UserClosing;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.admission.OrderAdmission;
import io.perpetua.risk.domain.margin.Account;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClosingDecisionTest {
    private static final long NOW = 100_000;

    private final Account first = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Account second = new Account(Orders.USER, new SubaccountId(99));
    private final Venue venue = new Venue().list(market(BTC)).mark(BTC, "100", NOW);

    private void openOrder() {
        first.credit(usd("1000"), first.creditSequence() + 1);
        OrderAdmission admitted =
                OrderAdmission.decide(
                        Orders.limit(BTC, BUY, "100", "1"), first, null, venue, venue, NOW);
        first.holdingIn(BTC).put(((OrderAdmission.Admitted) admitted).order());
        first.withdraw(usd("1000"));
    }

    /** One thing more a row; an order counts from its admission on, whoever has heard of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // kind | orders | positions | balances of the two | withdrawals | in the way
                "DELETION     | 0 | 0 | 0  | 0         | 0 | -",
                "DELETION     | 1 | 0 | 0  | 0         | 0 | OPEN_ORDERS 1",
                "DELETION     | 0 | 1 | 0  | 0         | 0 | OPEN_POSITIONS 1",
                "DELETION     | 0 | 2 | 0  | 0         | 0 | OPEN_POSITIONS 2",
                "DELETION     | 0 | 0 | 0  | 0.000001  | 0 | BALANCES 1",
                "DELETION     | 0 | 0 | -1 | 1         | 0 | BALANCES 2",
                "DELETION     | 0 | 0 | 0  | 0         | 3 | PENDING_WITHDRAWALS 3",
                "DELETION     | 2 | 1 | 5  | 0         | 1 | OPEN_ORDERS 2, OPEN_POSITIONS 1,"
                        + " PENDING_WITHDRAWALS 1, BALANCES 1",
                "DEACTIVATION | 0 | 0 | 5  | 0.000001  | 3 | -",
                "DEACTIVATION | 1 | 0 | 5  | 0         | 0 | OPEN_ORDERS 1",
                "DEACTIVATION | 0 | 1 | 5  | 0         | 1 | OPEN_POSITIONS 1",
            })
    void shouldNameAllThatIsInTheWay(
            ClosingKind kind,
            int orders,
            int positions,
            String firstBalance,
            String secondBalance,
            int withdrawals,
            String obstacles) {
        for (int i = 0; i < orders; i++) {
            openOrder();
        }
        for (int i = 0; i < positions; i++) {
            second.holdingIn(i == 0 ? BTC : ETH)
                    .apply(Orders.opening(i == 0 ? BTC : ETH, "100", "1"));
        }
        first.credit(usd(firstBalance), first.creditSequence() + 1);
        second.credit(usd(secondBalance), 1);

        ClosingDecision decision =
                ClosingDecision.decide(
                        new UserClosing(Orders.USER, Orders.SUBACCOUNT, 7, kind, withdrawals, NOW),
                        List.of(first, second));

        String named =
                decision instanceof ClosingDecision.Refused refused
                        ? refused.obstacles().stream()
                                .map(one -> one.kind() + " " + one.count())
                                .collect(Collectors.joining(", "))
                        : null;
        assertThat(named).isEqualTo(obstacles);
    }
}
