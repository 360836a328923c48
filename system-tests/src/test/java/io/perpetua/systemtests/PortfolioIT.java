package io.perpetua.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.OrderRequest;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.trader.Listing;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two users trade, and every service shows the same of what they hold, until they close it. */
class PortfolioIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Of its own: nobody else has a position in it. */
    private static final String MARKET = "FOLIO-PERP";

    private static final Quantity SIZE = Quantity.parse("10");

    private final Stack stack = Stack.shared();

    @Test
    void shouldShowWhatTradersHoldWhereverItIsAsked() throws Exception {
        try (Api api = new Api(stack.frontDoor())) {
            // Given
            OwnMarket.open(stack, api, "FOLIO");
            OwnMarket.holdIndex(api, MARKET);
            Account selling = Traders.funded(api, "folio", Usd.ofDollars(10_000));
            Account buying = Traders.funded(api, "folio", Usd.ofDollars(10_000));
            Session seller = selling.session();
            Session buyer = buying.session();
            await("the market").atMost(PATIENCE).until(() -> takesLeverage(seller, 5));

            // When
            trade(selling, buying);

            // Then
            await("positions")
                    .atMost(PATIENCE)
                    .until(() -> positions(seller).size() == 1 && positions(buyer).size() == 1);
            await("a valuation")
                    .atMost(PATIENCE)
                    .untilAsserted(() -> summaryIsOf(api, positions(seller), positions(buyer)));
            for (Session session : List.of(seller, buyer)) {
                await("a divided balance").atMost(PATIENCE).untilAsserted(() -> isDivided(session));
                await("a portfolio at one mark")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> portfolioIsOfItsParts(session));
                await("the day's unrealised profit")
                        .atMost(PATIENCE)
                        .until(() -> day(session).path("unrealisedPnl").isTextual());
            }

            trade(buying, selling);
            await("no trader")
                    .atMost(PATIENCE)
                    .until(() -> summary(api).path("activeTraders").asInt(-1) == 0);
            assertThat(summary(api).path("averageLeverage").isNull()).isTrue();
            for (Session session : List.of(seller, buyer)) {
                await("nothing unrealised")
                        .atMost(PATIENCE)
                        .until(() -> day(session).path("unrealisedPnl").asText().equals("0"));
                await("nothing locked")
                        .atMost(PATIENCE)
                        .until(() -> balance(session).path("locked").asText().equals("0"));
            }
        }
    }

    private static JsonNode summary(Api api) {
        return api.get("/v1/statistics/" + MARKET);
    }

    private static List<JsonNode> positions(Session session) {
        return session.list("/v1/positions?status=OPEN");
    }

    private static JsonNode balance(Session session) {
        return session.get("/v1/balances").path("items").path(0);
    }

    private static JsonNode day(Session session) {
        return session.get("/v1/users/me/statistics/days").path("items").path(0);
    }

    private static BigDecimal decimal(JsonNode node, String field) {
        assertThat(node.path(field).isTextual()).as("%s of %s", field, node).isTrue();
        return new BigDecimal(node.path(field).asText());
    }

    private static void summaryIsOf(Api api, List<JsonNode> shorts, List<JsonNode> longs) {
        JsonNode summary = summary(api);
        assertThat(summary.path("activeTraders").asInt()).isEqualTo(2);
        BigDecimal leverages =
                new BigDecimal(
                        shorts.getFirst().path("leverage").asInt()
                                + longs.getFirst().path("leverage").asInt());
        assertThat(decimal(summary, "averageLeverage"))
                .isEqualByComparingTo(leverages.divide(BigDecimal.TWO));
        assertThat(decimal(summary, "openInterestLong"))
                .isEqualByComparingTo(decimal(longs.getFirst(), "size"));
        assertThat(decimal(summary, "openInterestShort"))
                .isEqualByComparingTo(decimal(shorts.getFirst(), "size"));
        // The same size at the same price: what one gains the other loses, at every mark.
        assertThat(decimal(summary, "unrealisedPnl"))
                .isEqualByComparingTo(
                        decimal(longs.getFirst(), "cost")
                                .add(decimal(shorts.getFirst(), "cost"))
                                .negate());
        BigDecimal notional = decimal(longs.getFirst(), "notional");
        assertThat(decimal(summary, "openInterestLongUsd"))
                .isEqualByComparingTo(decimal(summary, "openInterestShortUsd"))
                .isBetween(
                        notional.multiply(new BigDecimal("0.9")),
                        notional.multiply(new BigDecimal("1.1")));
    }

    private static void isDivided(Session session) {
        JsonNode balance = balance(session);
        assertThat(balance.path("availability").asText()).isEqualTo("KNOWN");
        assertThat(decimal(balance, "locked")).isPositive();
        assertThat(decimal(balance, "locked").add(decimal(balance, "available")))
                .isEqualByComparingTo(decimal(balance, "balance"));
    }

    /** Three services are asked one after the other, at a mark that stands. */
    private static void portfolioIsOfItsParts(Session session) {
        String path = "/v1/accounts/" + session.subaccount();
        JsonNode before = session.get(path);
        JsonNode portfolio = session.get("/v1/portfolio");
        JsonNode after = session.get(path);
        assertThat(after).isEqualTo(before);
        assertThat(portfolio.path("availability").asText()).isEqualTo("KNOWN");
        for (String figure :
                List.of("equity", "unrealisedPnl", "initialMargin", "maintenanceMargin")) {
            assertThat(portfolio.path(figure)).as(figure).isEqualTo(before.path(figure));
        }
        assertThat(portfolio.path("positions").asInt()).isEqualTo(positions(session).size());
        JsonNode available = portfolio.path("balances").path(0).path("available");
        assertThat(available).isEqualTo(before.path("withdrawable"));
        JsonNode statistics = session.get("/v1/users/me/statistics");
        assertThat(portfolio.path("lifetime").path("volume")).isEqualTo(statistics.path("volume"));
        assertThat(portfolio.path("today").path("fees")).isEqualTo(statistics.path("fees"));
    }

    private static boolean takesLeverage(Session session, int leverage) {
        return session.send(
                        "PUT",
                        "/v1/leverage/" + MARKET,
                        Api.body("subaccountId", session.subaccount(), "leverage", leverage))
                .isOk();
    }

    /** The one sells what the other buys, at the mark. */
    private static void trade(Account seller, Account buyer) {
        Session session = seller.session();
        Listing listing = Listing.of(session.get("/v1/markets/" + MARKET));
        String mark = session.get("/v1/prices/" + MARKET).path("mark").asText();
        Price price = listing.ticksFrom(Price.parse(mark), 0);
        Traders.place(seller, () -> order(Side.SELL, price));
        Traders.place(buyer, () -> order(Side.BUY, price));
    }

    private static OrderRequest order(Side side, Price price) {
        return OrderRequest.limit(MARKET, side, TimeInForce.GTC, price, SIZE);
    }
}
