package io.perpetua.risk.domain.admission;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.ETH;
import static io.perpetua.risk.domain.Fixtures.market;
import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.PlaceOrder;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.Fixtures.Venue;
import io.perpetua.risk.domain.Orders;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Holding;
import io.perpetua.risk.domain.margin.OpenOrder;
import io.perpetua.risk.domain.margin.RecountedMargin;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws of admission, over seeded random accounts, orders and marks. */
class AdmissionPropertyTest {
    private static final long NOW = 1_000;
    private static final int ACCOUNTS = 150;

    private final Venue venue = new Venue();
    private SplittableRandom random = new SplittableRandom();

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void shouldNeverAdmitMoreThanTheEquityCoversUnlessReducing(long seed) {
        random = new SplittableRandom(seed);
        for (int n = 0; n < ACCOUNTS; n++) {
            Account account = account();
            for (int i = 0; i < 30; i++) {
                if (random.nextInt(5) == 0) {
                    moveMarks();
                }
                step(account);
            }
        }
    }

    private void step(Account account) {
        PlaceOrder command = order();
        AccountMargin before = AccountMargin.of(account, venue, venue);
        OrderAdmission decision = OrderAdmission.decide(command, account, null, venue, venue, NOW);
        if (!(decision instanceof OrderAdmission.Admitted(OpenOrder order, long sequence))) {
            return;
        }
        assertThat(sequence).isPositive();
        Holding holding = account.holdingIn(command.market());
        Quantity reducible = holding.reducible();
        holding.put(order);
        AccountMargin after = AccountMargin.of(account, venue, venue);
        RecountedMargin.check(account, venue, venue);
        if (order.reduceOnly()) {
            assertThat(after.isCovered() || after.spendsAtMost(before)).isTrue();
            assertThat(command.reduceOnly() || command.size().compareTo(reducible) <= 0).isTrue();
        } else {
            assertThat(after.isCovered()).isTrue();
            assertThat(after.equity()).isGreaterThanOrEqualTo(worstOutcome(account));
        }
        assertThat(after.required()).isGreaterThanOrEqualTo(requirementOfOpenOrders(account));
    }

    /**
     * What the account must have after any sequence of fills at their limits: sampled shuffles of
     * its open orders, each filled in full, with reduce-only clamped to the position of the moment.
     * The initial margin of the position that results, plus what the fills lost against the mark.
     */
    private Usd worstOutcome(Account account) {
        Usd sum = Usd.ZERO;
        for (Holding holding : account.holdings()) {
            Usd worst = Usd.ZERO;
            for (int shuffle = 0; shuffle < 6; shuffle++) {
                Usd outcome = outcome(holding, random.nextInt(holding.orderCount() + 1));
                worst = outcome.compareTo(worst) > 0 ? outcome : worst;
            }
            sum = sum.plus(worst);
        }
        return sum;
    }

    private Usd outcome(Holding holding, int fills) {
        Price mark = venue.newest(holding.market()).mark();
        List<OpenOrder> orders = new ArrayList<>(holding.orders());
        Collections.shuffle(orders, new Random(random.nextLong()));
        long size = holding.size().units();
        Usd lost = Usd.ZERO;
        for (OpenOrder order : orders.subList(0, fills)) {
            long traded = order.version().remaining().units();
            if (order.reduceOnly()) {
                boolean reduces = order.buys() ? size < 0 : size > 0;
                traded = reduces ? Math.min(traded, Math.abs(size)) : 0;
            }
            size += order.buys() ? traded : -traded;
            long worse =
                    order.buys()
                            ? order.version().limit().units() - mark.units()
                            : mark.units() - order.version().limit().units();
            if (worse > 0 && traded > 0) {
                lost =
                        lost.plus(
                                Amounts.notional(
                                        new Price(worse), new Quantity(traded), RoundingMode.DOWN));
            }
        }
        Usd notional = Amounts.notional(mark, new Quantity(Math.abs(size)), RoundingMode.UP);
        var rules = venue.rules(holding.market());
        return rules.tiers().initial(notional, holding.leverage(rules)).plus(lost);
    }

    /** The literal formula, without what reducing orders change about it. */
    private Usd requirementOfOpenOrders(Account account) {
        Usd sum = Usd.ZERO;
        for (Holding holding : account.holdings()) {
            var rules = venue.rules(holding.market());
            Price mark = venue.newest(holding.market()).mark();
            long buys = 0;
            long sells = 0;
            for (OpenOrder order : holding.orders()) {
                if (!order.reduceOnly()) {
                    buys += order.buys() ? order.version().remaining().units() : 0;
                    sells += order.buys() ? 0 : order.version().remaining().units();
                }
            }
            long size = holding.size().units();
            long worst = Math.max(Math.abs(size + buys), Math.abs(size - sells));
            Usd notional = Amounts.notional(mark, new Quantity(worst), RoundingMode.UP);
            sum = sum.plus(rules.tiers().initial(notional, holding.leverage(rules)));
        }
        return sum;
    }

    private Account account() {
        venue.list(market(BTC)).list(market(ETH));
        venue.mark(BTC, price(90, 110), NOW).mark(ETH, price(90, 110), NOW);
        Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
        account.credit(Usd.ofDollars(random.nextLong(1, 2_000)), 1);
        for (MarketId market : List.of(BTC, ETH)) {
            if (random.nextBoolean()) {
                account.holdingIn(market).chooseLeverage(random.nextInt(1, 21));
            }
            if (random.nextBoolean()) {
                String size = (random.nextBoolean() ? "" : "-") + random.nextInt(1, 60);
                account.holdingIn(market).apply(Orders.opening(market, "100", size));
            }
        }
        return account;
    }

    private void moveMarks() {
        venue.mark(BTC, price(90, 110), NOW).mark(ETH, price(90, 110), NOW);
    }

    private Price price(int from, int to) {
        return new Price(random.nextLong(from * 10L, to * 10L) * 10_000_000L);
    }

    private PlaceOrder order() {
        MarketId id = random.nextBoolean() ? BTC : ETH;
        Market market = venue.rules(id).definition();
        boolean limit = random.nextInt(4) != 0;
        return Orders.place(
                Orders.nextId(),
                null,
                id,
                random.nextBoolean() ? Side.BUY : Side.SELL,
                limit ? OrderType.LIMIT : OrderType.MARKET,
                limit ? TimeInForce.GTC : TimeInForce.IOC,
                limit ? price(85, 115) : null,
                new Quantity(random.nextLong(1, 30_000) * market.step().units()),
                random.nextInt(6) == 0);
    }
}
