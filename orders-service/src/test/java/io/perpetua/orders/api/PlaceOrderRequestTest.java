package io.perpetua.orders.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.SelfTrade;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import io.perpetua.orders.Admissions;
import io.perpetua.orders.app.NewOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlaceOrderRequestTest {
    private static final Market MARKET = Admissions.market(1, "BTC-PERP");
    private static final Price PRICE = Price.parse("100");

    @Test
    void shouldUseTheUsualWhenOptionalFieldsAreAbsent() {
        NewOrder limit = request(OrderType.LIMIT, null, PRICE, "1", null, null).in(MARKET);
        NewOrder market = request(OrderType.MARKET, null, null, "1", null, null).in(MARKET);

        assertThat(limit.timeInForce()).isEqualTo(TimeInForce.GTC);
        assertThat(market.timeInForce()).isEqualTo(TimeInForce.IOC);
        assertThat(limit.selfTrade()).isEqualTo(SelfTrade.CANCEL_MAKER);
        assertThat(limit.reduceOnly()).isFalse();
        assertThat(limit.validUntilMillis()).isZero();
    }

    @Test
    void shouldNameTheFieldWhenItDoesNotFit() {
        assertRefused(request(OrderType.LIMIT, null, null, "1", null, null), "price");
        assertRefused(request(OrderType.MARKET, null, PRICE, "1", null, null), "price");
        assertRefused(request(OrderType.LIMIT, null, PRICE, "0", null, null), "size");
        assertRefused(request(OrderType.LIMIT, null, PRICE, "-0.1", null, null), "size");
        assertRefused(request(OrderType.LIMIT, null, PRICE, "1", "", null), "clientOrderId");
        assertRefused(request(OrderType.LIMIT, null, PRICE, "1", "ü", null), "clientOrderId");
        assertRefused(
                request(OrderType.LIMIT, null, PRICE, "1", "x".repeat(65), null), "clientOrderId");
        for (String time :
                List.of("soon", "2026-01-01", "1969-12-31T23:59:59Z", "+10000-01-01T00:00:00Z")) {
            assertRefused(request(OrderType.LIMIT, null, PRICE, "1", null, time), "validUntil");
        }
    }

    @Test
    void shouldSayWhatIsAllowedWhenAMarketOrderIsToRest() {
        assertThat(
                        assertRefused(
                                        request(
                                                OrderType.MARKET,
                                                TimeInForce.GTC,
                                                null,
                                                "1",
                                                null,
                                                null),
                                        "timeInForce")
                                .allowed())
                .containsExactly("IOC", "FOK");
    }

    @Test
    void shouldTakeTheLongestClientOrderIdWhenItIsWellFormed() {
        String longest = "aZ09._:-".repeat(8);

        NewOrder order = request(OrderType.LIMIT, null, PRICE, "1", longest, null).in(MARKET);

        assertThat(order.clientOrderId()).isEqualTo(longest);
    }

    private static Problem assertRefused(PlaceOrderRequest request, String field) {
        Problem[] problem = new Problem[1];
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> request.in(MARKET))
                .satisfies(refused -> problem[0] = refused.problem());
        assertThat(problem[0].status()).isEqualTo(400);
        assertThat(problem[0].field()).isEqualTo(field);
        return problem[0];
    }

    private static PlaceOrderRequest request(
            OrderType type,
            TimeInForce timeInForce,
            Price price,
            String size,
            String clientOrderId,
            String validUntil) {
        return new PlaceOrderRequest(
                new SubaccountId(1),
                "BTC-PERP",
                Side.BUY,
                type,
                timeInForce,
                price,
                Quantity.parse(size),
                null,
                clientOrderId,
                null,
                validUntil);
    }
}
