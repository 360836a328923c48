package io.perpetua.demo.trader;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.OrderRequest;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Quotes both sides of one market around the index, some levels deep, post-only. A quote follows
 * the index by amendment; one that is gone is placed anew. The more it holds, the further its
 * quotes lean towards getting rid of it.
 */
public final class Maker implements Trader {
    private static final int LEVELS = 4;
    private static final long LEVEL_NANOS = 250_000;
    private static final long LEAN_NANOS_AT_LIMIT = 600_000;
    private static final long PAUSE_MILLIS = 700;
    private static final long POSITION_EVERY = 6;
    private static final Usd POSITION_LIMIT = Usd.ofDollars(150_000);

    private final Account account;
    private final MarketWatch watch;
    private final Listing listing;
    private final SplittableRandom random;
    private final long halfSpreadNanos;
    private final Quote[] quotes = new Quote[2 * LEVELS];
    private long rounds;
    private long leanNanos;

    private record Quote(String orderId, Price price) {}

    /** Quotes {@code listing} with a half spread of its own. */
    public Maker(
            Account account,
            MarketWatch watch,
            Listing listing,
            SplittableRandom random,
            long halfSpreadNanos) {
        this.account = account;
        this.watch = watch;
        this.listing = listing;
        this.random = random;
        this.halfSpreadNanos = halfSpreadNanos;
    }

    @Override
    public long act() {
        Price index = watch.newest(listing.symbol());
        if (index != null) {
            if (rounds++ % POSITION_EVERY == 0) {
                leanNanos = lean();
            }
            for (int i = 0; i < quotes.length; i++) {
                quotes[i] = follow(quotes[i], i % 2 == 0 ? Side.BUY : Side.SELL, i / 2, index);
            }
        }
        return PAUSE_MILLIS + random.nextLong(PAUSE_MILLIS / 2);
    }

    private @Nullable Quote follow(@Nullable Quote quote, Side side, int level, Price index) {
        long away = halfSpreadNanos + level * LEVEL_NANOS;
        long nanos = leanNanos + (side == Side.BUY ? -away : away);
        Price target = listing.moved(index, new Rate(nanos));
        if (quote == null) {
            return placed(side, level, target);
        }
        long off = Math.absExact(quote.price.units() - target.units());
        if (off < target.units() / 20_000 || off < listing.tick().units()) {
            return quote;
        }
        Answer answer = account.amend(quote.orderId, target, null);
        if (answer.isOk()) {
            return open(answer, target);
        }
        return answer.code().equals("POST_ONLY_WOULD_CROSS") ? quote : null;
    }

    private @Nullable Quote placed(Side side, int level, Price price) {
        Usd notional = Usd.ofDollars(1_500L * (level + 1) + random.nextLong(2_000));
        Answer answer =
                account.place(
                        OrderRequest.limit(
                                listing.symbol(),
                                side,
                                TimeInForce.POST_ONLY,
                                price,
                                listing.worth(notional, price)));
        return answer.isOk() ? open(answer, price) : null;
    }

    private static @Nullable Quote open(Answer answer, Price price) {
        JsonNode order = answer.body();
        return order.path("status").asText().matches("OPEN|PARTIALLY_FILLED")
                ? new Quote(order.path("orderId").asText(), price)
                : null;
    }

    private long lean() {
        Answer answer =
                account.session()
                        .persist(
                                "GET",
                                "/v1/positions?status=OPEN&market=" + listing.symbol(),
                                null);
        for (JsonNode position : answer.body().path("items")) {
            Usd cost = Usd.parse(position.path("cost").asText("0"));
            long share = cost.micros() / (POSITION_LIMIT.micros() / 1_000);
            return -Math.clamp(share, -1_000, 1_000) * (LEAN_NANOS_AT_LIMIT / 1_000);
        }
        return 0;
    }
}
