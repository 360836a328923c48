package io.perpetua.demo.trader;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Account;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.OrderRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Trades in its style, in a market chosen anew each time. */
public final class Taker implements Trader {
    private static final int MAX_RESTING = 6;

    private final Account account;
    private final MarketWatch watch;
    private final Style style;
    private final SplittableRandom random;
    private final Deque<Resting> resting = new ArrayDeque<>();
    private int purchases;

    private record Resting(String orderId, Listing listing, Price price, Quantity size) {}

    /** Trades for the account. */
    public Taker(Account account, MarketWatch watch, Style style, SplittableRandom random) {
        this.account = account;
        this.watch = watch;
        this.style = style;
        this.random = random;
    }

    @Override
    public long act() {
        List<Listing> listings = watch.listings();
        Listing listing = listings.get(random.nextInt(listings.size()));
        Price index = watch.newest(listing.symbol());
        if (index == null) {
            return 500;
        }
        return switch (style) {
            case MOMENTUM -> momentum(listing, index);
            case MEAN_REVERSION -> meanReversion(listing, index);
            case RANDOM -> anything(listing, index);
            case BUY_AND_HOLD -> buyAndHold(listing, index);
            case SCALPER -> scalp(listing);
        };
    }

    private long momentum(Listing listing, Price index) {
        long average = average(watch.recent(listing.symbol()));
        Side side = index.units() >= average ? Side.BUY : Side.SELL;
        account.place(OrderRequest.market(listing.symbol(), side, size(listing, index, 2_000)));
        if (random.nextInt(3) == 0) {
            closePosition(listing);
        }
        return pause(400);
    }

    private long meanReversion(Listing listing, Price index) {
        Price average = new Price(average(watch.recent(listing.symbol())));
        Side side = index.compareTo(average) >= 0 ? Side.SELL : Side.BUY;
        long away = 100_000 + random.nextLong(300_000);
        Price price = listing.moved(average, new Rate(side == Side.BUY ? -away : away));
        rest(listing, side, TimeInForce.GTC, price, size(listing, price, 3_000));
        cancelOldest();
        return pause(500);
    }

    private long anything(Listing listing, Price index) {
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        Quantity size = size(listing, index, 2_500);
        long near = random.nextLong(-400_000, 400_000);
        Price price = listing.moved(index, new Rate(near));
        String market = listing.symbol();
        switch (random.nextInt(9)) {
            case 0, 1 -> account.place(OrderRequest.market(market, side, size));
            case 2 -> rest(listing, side, TimeInForce.GTC, price, size);
            case 3 -> rest(listing, side, TimeInForce.POST_ONLY, price, size);
            case 4 -> account.place(limit(market, side, TimeInForce.IOC, price, size));
            case 5 -> account.place(limit(market, side, TimeInForce.FOK, price, size));
            case 6 -> amendOldest();
            case 7 -> cancelOldest();
            default -> closePosition(listing);
        }
        return pause(300);
    }

    private long buyAndHold(Listing listing, Price index) {
        if (purchases++ < 20) {
            account.place(
                    OrderRequest.market(listing.symbol(), Side.BUY, size(listing, index, 1_500)));
        }
        return pause(3_000);
    }

    private long scalp(Listing listing) {
        JsonNode book = account.session().get("/v1/books/" + listing.symbol() + "?depth=1");
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        String best =
                book.path(side == Side.BUY ? "bids" : "asks").path(0).path("price").asText("");
        if (!best.isEmpty()) {
            Price price = Price.parse(best);
            rest(listing, side, TimeInForce.POST_ONLY, price, size(listing, price, 2_000));
        }
        closePosition(listing);
        cancelOldest();
        return pause(350);
    }

    private static OrderRequest limit(
            String market, Side side, TimeInForce timeInForce, Price price, Quantity size) {
        return OrderRequest.limit(market, side, timeInForce, price, size);
    }

    private void rest(
            Listing listing, Side side, TimeInForce timeInForce, Price price, Quantity size) {
        Answer answer = account.place(limit(listing.symbol(), side, timeInForce, price, size));
        if (answer.isOk() && isOpen(answer.body())) {
            resting.addLast(
                    new Resting(answer.body().path("orderId").asText(), listing, price, size));
        }
        while (resting.size() > MAX_RESTING) {
            cancelOldest();
        }
    }

    private static boolean isOpen(JsonNode order) {
        return order.path("status").asText().matches("OPEN|PARTIALLY_FILLED");
    }

    private void cancelOldest() {
        Resting oldest = resting.pollFirst();
        if (oldest != null) {
            account.cancel(oldest.orderId);
        }
    }

    private void amendOldest() {
        Resting oldest = resting.pollFirst();
        if (oldest == null) {
            return;
        }
        boolean reprice = random.nextBoolean();
        long ticks = random.nextLong(-20, 21);
        Price price = reprice ? oldest.listing.ticksFrom(oldest.price, ticks) : null;
        Quantity size = reprice ? null : smaller(oldest);
        Answer answer = account.amend(oldest.orderId, price, size);
        if (answer.isOk() && isOpen(answer.body())) {
            resting.addLast(
                    new Resting(
                            oldest.orderId,
                            oldest.listing,
                            price == null ? oldest.price : price,
                            size == null ? oldest.size : size));
        }
    }

    private static Quantity smaller(Resting order) {
        long step = order.listing.step().units();
        long half = order.size.units() / 2 / step * step;
        return new Quantity(Math.max(half, order.listing.minOrderSize().units()));
    }

    /** Leaves the market's position, by an order that can do no more than that. */
    private void closePosition(Listing listing) {
        JsonNode position = position(listing);
        if (position != null) {
            boolean isLong = position.path("side").asText().equals("LONG");
            account.place(
                    new OrderRequest(
                            listing.symbol(),
                            isLong ? Side.SELL : Side.BUY,
                            OrderType.MARKET,
                            TimeInForce.IOC,
                            null,
                            Quantity.parse(position.path("size").asText()),
                            true));
        }
    }

    private @Nullable JsonNode position(Listing listing) {
        JsonNode items =
                account.session()
                        .get("/v1/positions?status=OPEN&market=" + listing.symbol())
                        .path("items");
        return items.isEmpty() ? null : items.get(0);
    }

    private Quantity size(Listing listing, Price price, long dollars) {
        return listing.worth(Usd.ofDollars(200 + random.nextLong(dollars)), price);
    }

    private static long average(List<Price> prices) {
        return prices.stream().mapToLong(Price::units).sum() / Math.max(1, prices.size());
    }

    private long pause(long millis) {
        return millis / 2 + random.nextLong(millis);
    }
}
