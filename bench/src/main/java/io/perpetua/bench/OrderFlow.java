package io.perpetua.bench;

import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.trader.Listing;
import io.perpetua.demo.trader.MarketWatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.StringJoiner;
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
    private static final String RESULT = "{\"status\":";

    private final Session session;
    private final MarketWatch watch;
    private final Listing listing;
    private final SplittableRandom random;
    private final String prefix;
    private final int batch;
    private final ArrayDeque<String> resting = new ArrayDeque<>();
    private long count;

    /** A request that places {@code commands} orders, or cancels as many. */
    record Request(
            String method,
            String path,
            byte @Nullable [] body,
            boolean isPlacement,
            int commands) {}

    /** {@code batch} is how many commands it sends in one request. */
    OrderFlow(
            Session session,
            MarketWatch watch,
            Listing listing,
            SplittableRandom random,
            int batch) {
        this.session = session;
        this.watch = watch;
        this.listing = listing;
        this.random = random;
        this.batch = batch;
        this.prefix = Long.toString(System.currentTimeMillis(), 36) + "-";
    }

    String authorization() {
        return "Bearer " + session.token();
    }

    Request next() {
        boolean cancels = resting.size() >= RESTING;
        if (batch == 1) {
            return cancels
                    ? new Request("DELETE", "/v1/orders/" + resting.removeFirst(), null, false, 1)
                    : new Request("POST", "/v1/orders", bytes(order()), true, 1);
        }
        StringJoiner items =
                cancels
                        ? new StringJoiner("\",\"", "{\"orderIds\":[\"", "\"]}")
                        : new StringJoiner(",", "{\"orders\":[", "]}");
        for (int i = 0; i < batch; i++) {
            items.add(cancels ? resting.removeFirst() : order());
        }
        String path = cancels ? "/v1/orders/batch-cancel" : "/v1/orders/batch";
        return new Request("POST", path, bytes(items.toString()), !cancels, batch);
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private String order() {
        Side side = (count++ & 1) == 0 ? Side.BUY : Side.SELL;
        Price index = watch.newest(listing.symbol());
        if (index == null) {
            throw new IllegalStateException("no index price of " + listing.symbol());
        }
        long ticks = random.nextLong(-HALF_BAND_TICKS, HALF_BAND_TICKS + 1L);
        return "{\"subaccountId\":\""
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
    }

    /** The parts of an answer: one a command. */
    static List<String> parts(Request request, String answer) {
        if (request.commands() == 1) {
            return List.of(answer);
        }
        List<String> parts = new ArrayList<>(request.commands());
        int from = answer.indexOf(RESULT);
        while (from >= 0) {
            int next = answer.indexOf(RESULT, from + RESULT.length());
            parts.add(answer.substring(from, next < 0 ? answer.length() : next));
            from = next;
        }
        return parts;
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
