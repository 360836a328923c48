package io.perpetua.demo.trader;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Price;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The index prices of all markets as they come in, with a short memory; traders share one. */
public final class MarketWatch {
    private static final int MEMORY = 40;

    private final Api api;
    private final Map<String, Listing> listings = new TreeMap<>();
    private final Map<String, Deque<Price>> memory = new ConcurrentHashMap<>();

    /** Of the markets that are listed now. */
    public MarketWatch(Api api) {
        this.api = api;
        for (JsonNode market : api.get("/v1/markets").path("items")) {
            Listing listing = Listing.of(market);
            listings.put(listing.symbol(), listing);
            memory.put(listing.symbol(), new ArrayDeque<>());
        }
    }

    /** Reads the prices once; an outage leaves the old ones. */
    public void refresh() {
        Answer answer = api.send("GET", "/v1/prices", null, (Object) null);
        for (JsonNode price : answer.body().path("items")) {
            Deque<Price> seen = memory.get(price.path("symbol").asText());
            if (seen != null && !price.path("stale").asBoolean()) {
                remember(seen, Price.parse(price.path("oracle").asText()));
            }
        }
    }

    private static void remember(Deque<Price> seen, Price price) {
        synchronized (seen) {
            seen.addLast(price);
            if (seen.size() > MEMORY) {
                seen.removeFirst();
            }
        }
    }

    /** Whether every market has a price. */
    public boolean isComplete() {
        return listings.keySet().stream().allMatch(symbol -> newest(symbol) != null);
    }

    /** All markets. */
    public List<Listing> listings() {
        return List.copyOf(listings.values());
    }

    /** One market. */
    public Listing listing(String symbol) {
        Listing listing = listings.get(symbol);
        if (listing == null) {
            throw new IllegalArgumentException(symbol);
        }
        return listing;
    }

    /** The newest index price, or null before the first. */
    public @Nullable Price newest(String symbol) {
        Deque<Price> seen = seen(symbol);
        synchronized (seen) {
            return seen.peekLast();
        }
    }

    /** The last prices, oldest first. */
    public List<Price> recent(String symbol) {
        Deque<Price> seen = seen(symbol);
        synchronized (seen) {
            return new ArrayList<>(seen);
        }
    }

    private Deque<Price> seen(String symbol) {
        return memory.computeIfAbsent(symbol, any -> new ArrayDeque<>());
    }
}
