package io.perpetua.bench;

import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.trader.Listing;
import io.perpetua.demo.trader.MarketWatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What one account sends: limit orders of about 100 USD around the index price, buys and sells in
 * turn, so that about half of them trade at once; and the cancel of its oldest order when many
 * rest.
 */
final class OrderFlow {
    private static final Usd NOTIONAL = Usd.ofDollars(100);
    private static final int RESTING = 20;
    private static final int HALF_BAND_TICKS = 10;

    private final Session session;
    private final MarketWatch watch;
    private final Listing listing;
    private final SplittableRandom random;
    private final String prefix;
    private final ArrayDeque<String> resting = new ArrayDeque<>();
    private long count;

    /** A request: {@code body} is null for a cancel. */
    record Request(String method, String path, byte @Nullable [] body) {
        boolean isPlacement() {
            return body != null;
        }
    }

    OrderFlow(Session session, MarketWatch watch, Listing listing, SplittableRandom random) {
        this.session = session;
        this.watch = watch;
        this.listing = listing;
        this.random = random;
        this.prefix = Long.toString(System.currentTimeMillis(), 36) + "-";
    }

    String authorization() {
        return "Bearer " + session.token();
    }

    Request next() {
        if (resting.size() >= RESTING) {
            return new Request("DELETE", "/v1/orders/" + resting.removeFirst(), null);
        }
        Side side = (count++ & 1) == 0 ? Side.BUY : Side.SELL;
        Price index = watch.newest(listing.symbol());
        if (index == null) {
            throw new IllegalStateException("no index price of " + listing.symbol());
        }
        long ticks = random.nextLong(-HALF_BAND_TICKS, HALF_BAND_TICKS + 1L);
        String body =
                "{\"subaccountId\":\""
                        + session.subaccount()
                        + "\",\"market\":\""
                        + listing.symbol()
                        + "\",\"side\":\""
                        + side
                        + "\",\"type\":\"LIMIT\",\"timeInForce\":\"GTC\",\"price\":\""
                        + listing.ticksFrom(index, ticks)
                        + "\",\"size\":\""
                        + listing.worth(NOTIONAL, index)
                        + "\",\"clientOrderId\":\""
                        + prefix
                        + count
                        + "\"}";
        return new Request("POST", "/v1/orders", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Takes note of what became of a placement. */
    void placed(String answer) {
        if (answer.contains("\"status\":\"OPEN\"")) {
            resting.addLast(text(answer, "\"orderId\":\""));
        }
    }

    static String text(String json, String start) {
        int from = json.indexOf(start);
        return from < 0
                ? ""
                : json.substring(from + start.length(), json.indexOf('"', from + start.length()));
    }
}
