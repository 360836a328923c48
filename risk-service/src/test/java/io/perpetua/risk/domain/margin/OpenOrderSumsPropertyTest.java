package io.perpetua.risk.domain.margin;

import static io.perpetua.risk.domain.Fixtures.BTC;
import static io.perpetua.risk.domain.Fixtures.market;
import static io.perpetua.risk.domain.Fixtures.tierRows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.risk.domain.Orders;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept sums and the recount never differ, whatever happens to orders, positions and marks. */
class OpenOrderSumsPropertyTest {
    private static final MarketRules RULES =
            MarketRules.of(
                    market(
                            BTC,
                            MarketStatus.ACTIVE,
                            1,
                            tierRows("0 0.05 0.03", "10000 0.1 0.05"),
                            "0.0005",
                            "0.0002"));

    private final Account account = new Account(Orders.USER, Orders.SUBACCOUNT);
    private final Holding holding = account.holdingIn(BTC);
    private SplittableRandom random = new SplittableRandom();
    private Price mark = Price.parse("100");
    private long ids;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAskWhatTheRecountGivesAfterEveryStep(long seed) {
        random = new SplittableRandom(seed);
        for (int i = 0; i < 3_000; i++) {
            step();

            RecountedMargin.checkWith(order(new OrderId(++ids)), holding, RULES, mark);
            if (holding.orderCount() > 0) {
                RecountedMargin.checkWith(amended(any()), holding, RULES, mark);
            }
        }
    }

    private void step() {
        int kind = holding.orderCount() == 0 ? 0 : random.nextInt(10);
        switch (kind) {
            case 0, 1, 2 -> holding.put(order(new OrderId(++ids)));
            case 3 -> holding.remove(any().id());
            case 4 -> holding.put(amended(any()));
            case 5 -> {
                OpenOrder order = any();
                holding.put(order.named(price(), order.size(), size()));
            }
            case 6 -> {
                OpenOrder order = any();
                order.amendments().stream()
                        .findFirst()
                        .map(one -> order.withoutAmendment(one.commandId()))
                        .ifPresent(holding::put);
            }
            case 7 -> {
                OpenOrder order = any();
                Quantity left = order.version().remaining();
                Quantity traded = new Quantity(random.nextLong(left.units() + 1));
                holding.put(order.afterFill(traded, left.minus(traded)));
            }
            case 8 -> {
                String size = (random.nextBoolean() ? "" : "-") + random.nextInt(1, 60);
                holding.apply(Orders.opening(BTC, "100", size));
            }
            default -> mark = price();
        }
    }

    private OpenOrder any() {
        return holding.orderAt(random.nextInt(holding.orderCount()));
    }

    private OpenOrder amended(OpenOrder order) {
        return order.amending(new OpenOrder.Amendment(new OrderId(++ids), price(), size()));
    }

    private OpenOrder order(OrderId id) {
        Quantity size = size();
        return new OpenOrder(
                id,
                random.nextBoolean() ? Side.BUY : Side.SELL,
                new OrderVersion(price(), size),
                size,
                Quantity.ZERO,
                random.nextInt(4) == 0,
                false,
                Rate.parse("0.0005"),
                List.of());
    }

    /** With all its decimals, so that each order is rounded on its own. */
    private Price price() {
        return new Price(random.nextLong(9_000_000_000L, 11_000_000_000L));
    }

    private Quantity size() {
        return new Quantity(random.nextLong(1, 4_000_000_000L));
    }

    @Test
    void shouldCountAnewAfterASumThatNoAmountHolds() {
        holding.put(order(new OrderId(1)));
        HoldingMargin before = HoldingMargin.of(holding, RULES, mark);
        holding.put(vast(2));
        holding.put(vast(3));
        assertThatThrownBy(() -> HoldingMargin.of(holding, RULES, mark))
                .isInstanceOf(ArithmeticException.class);

        holding.remove(new OrderId(2));
        holding.remove(new OrderId(3));

        assertThat(HoldingMargin.of(holding, RULES, mark)).isEqualTo(before);
    }

    private static OpenOrder vast(long id) {
        Quantity size = new Quantity(Long.MAX_VALUE / 2 + 1);
        return new OpenOrder(
                new OrderId(id),
                Side.BUY,
                new OrderVersion(Price.parse("0.00000001"), size),
                size,
                Quantity.ZERO,
                false,
                false,
                Rate.parse("0.0005"),
                List.of());
    }
}
