package io.perpetua.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.orders.domain.book.ReferenceMarket;
import io.perpetua.orders.domain.book.ReferenceMarket.Level;
import io.perpetua.systemtests.crash.Operation.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How the platform stands when all is quiet, through its public API, against what the obvious
 * market makes of the commands in the log.
 */
final class Aftermath {
    private static final int DEPTH = 50;
    private static final Map<String, Long> CANDLES = Map.of("1m", 60_000L, "1h", 3_600_000L);

    private final String broker;
    private final Api api;
    private final List<Session> sessions;
    private final Map<MarketId, Market> definitions = new HashMap<>();
    private final Map<MarketId, ReferenceMarket> markets = new HashMap<>();
    private final List<String> differences = new ArrayList<>();
    private int commands;
    private int candles;
    private int trades;

    private Aftermath(String broker, Api api, List<Session> sessions) {
        this.broker = broker;
        this.api = api;
        this.sessions = sessions;
    }

    /**
     * What was compared.
     *
     * @param differences one sentence each
     */
    record Comparison(
            int commands, int orders, int trades, int candles, List<String> differences) {}

    /** Compares once; while events are under way, there are differences. */
    static Comparison compare(String broker, Api api, List<Session> sessions) {
        return new Aftermath(broker, api, sessions).compare();
    }

    private Comparison compare() {
        replay();
        Map<Long, Long> owners = new HashMap<>();
        int orders = 0;
        for (Session session : sessions) {
            orders += compareOrders(session, owners);
            comparePositions(session);
        }
        Map<String, JsonNode> fills = new HashMap<>();
        for (Session session : sessions) {
            for (JsonNode fill : session.list("/v1/fills")) {
                String key = fillKey(fill.path("tradeId").asText(), fill.path("orderId").asText());
                if (fills.put(key, fill) != null) {
                    differences.add("fill " + key + " is listed twice");
                }
            }
        }
        markets.forEach(
                (id, market) -> {
                    Market definition = Objects.requireNonNull(definitions.get(id));
                    compareTrades(definition, market, owners, fills);
                    compareBook(definition, market);
                });
        fills.keySet().forEach(fill -> differences.add("fill " + fill + " is of no trade"));
        return new Comparison(commands, orders, trades, candles, differences);
    }

    private void replay() {
        Admissions log = Admissions.read(broker);
        definitions.putAll(log.markets());
        log.commands()
                .forEach(
                        (id, decided) -> {
                            ReferenceMarket market = new ReferenceMarket(definitions.get(id));
                            decided.forEach(market::decide);
                            markets.put(id, market);
                            commands += decided.size();
                        });
    }

    private int compareOrders(Session session, Map<Long, Long> owners) {
        long subaccount = Long.parseLong(session.subaccount());
        Map<String, Seen> listed = new TreeMap<>();
        for (JsonNode item : session.list("/v1/orders")) {
            Seen order = History.seen(item);
            if (listed.put(order.orderId(), order) != null) {
                differences.add("order " + order.orderId() + " is listed twice");
            }
        }
        int count = 0;
        for (ReferenceMarket market : markets.values()) {
            for (ReferenceMarket.Order expected : market.orders()) {
                if (expected.subaccount() != subaccount) {
                    continue;
                }
                count++;
                owners.put(expected.id(), subaccount);
                Seen order = listed.remove(Long.toString(expected.id()));
                String told = order == null ? "is missing" : told(order);
                if (!told.equals(told(expected))) {
                    differences.add(
                            "order " + expected.id() + " " + told + ", not " + told(expected));
                }
            }
        }
        listed.values().forEach(order -> differences.add("nobody commanded order " + order));
        return count;
    }

    private static String told(Seen order) {
        return "%s %s, %s of %s filled for %s, %s remain, @%s"
                .formatted(
                        order.status(),
                        order.reason(),
                        order.filled(),
                        order.size(),
                        order.quote(),
                        order.remaining(),
                        order.price());
    }

    private static String told(ReferenceMarket.Order order) {
        return "%s %s, %s of %s filled for %s, %s remain, @%s"
                .formatted(
                        order.status(),
                        order.reason(),
                        order.filled(),
                        order.size(),
                        new Usd(order.quoteMicros()),
                        order.remaining(),
                        order.price());
    }

    private void comparePositions(Session session) {
        Map<String, String> held = new HashMap<>();
        for (JsonNode position : session.list("/v1/positions")) {
            if (position.path("status").asText().equals("OPEN")) {
                String sign = position.path("side").asText().equals("SHORT") ? "-" : "";
                held.put(position.path("market").asText(), sign + position.path("size").asText());
            }
        }
        markets.forEach(
                (id, market) -> {
                    String symbol = definitions.get(id).symbol();
                    Quantity expected = market.positionOf(Long.parseLong(session.subaccount()));
                    Quantity size = Quantity.parse(held.getOrDefault(symbol, "0"));
                    if (!size.equals(expected)) {
                        differences.add(
                                "user %s holds %s %s, not %s"
                                        .formatted(session.user(), size, symbol, expected));
                    }
                });
    }

    private static String fillKey(String trade, String order) {
        return trade + " of order " + order;
    }

    private void compareTrades(
            Market definition,
            ReferenceMarket market,
            Map<Long, Long> owners,
            Map<String, JsonNode> fills) {
        List<JsonNode> published =
                sessions.getFirst().list("/v1/trades?market=" + definition.symbol()).reversed();
        compareCandles(definition, published);
        List<ReferenceMarket.Trade> expected = market.trades();
        trades += expected.size();
        if (published.size() != expected.size()) {
            differences.add(
                    "%s had %d trades, not %d"
                            .formatted(definition.symbol(), published.size(), expected.size()));
            return;
        }
        for (int i = 0; i < expected.size(); i++) {
            JsonNode trade = published.get(i);
            ReferenceMarket.Trade wanted = expected.get(i);
            String told = told(trade, "takerSide");
            String ought = told(wanted);
            if (!told.equals(ought)) {
                differences.add("trade %s was %s, not %s".formatted(trade, told, ought));
            }
            String id = trade.path("tradeId").asText();
            if (owners.containsKey(wanted.takerId())) {
                compareFill(fills, id, wanted.takerId(), "TAKER", wanted);
            }
            if (owners.containsKey(wanted.makerId())) {
                compareFill(fills, id, wanted.makerId(), "MAKER", wanted);
            }
        }
    }

    /** Candles of every frame in which something traded, against the trades of the public list. */
    private void compareCandles(Market definition, List<JsonNode> published) {
        CANDLES.forEach(
                (frame, millis) -> {
                    Map<String, TradedFrame> folded = new TreeMap<>();
                    published.stream()
                            .sorted(Comparator.comparing(Aftermath::at))
                            .forEach(
                                    trade ->
                                            folded.computeIfAbsent(
                                                            openAt(trade, millis),
                                                            begun -> new TradedFrame())
                                                    .add(trade));
                    Map<String, String> expected = new TreeMap<>();
                    folded.forEach((openAt, candle) -> expected.put(openAt, candle.toString()));
                    Map<String, String> listed = new TreeMap<>();
                    for (JsonNode candle :
                            sessions.getFirst()
                                    .list(
                                            "/v1/candles?market=%s&frame=%s"
                                                    .formatted(definition.symbol(), frame))) {
                        if (candle.path("trades").asLong() > 0) {
                            listed.put(candle.path("openAt").asText(), TradedFrame.told(candle));
                        }
                    }
                    candles += expected.size();
                    if (!listed.equals(expected)) {
                        differences.add(
                                "%s's candles of %s are %s, not %s"
                                        .formatted(definition.symbol(), frame, listed, expected));
                    }
                });
    }

    private static Instant at(JsonNode trade) {
        return Instant.parse(trade.path("at").asText());
    }

    private static String openAt(JsonNode trade, long millis) {
        long atMillis = at(trade).toEpochMilli();
        return Instant.ofEpochMilli(atMillis - atMillis % millis).toString();
    }

    private void compareFill(
            Map<String, JsonNode> fills,
            String trade,
            long order,
            String liquidity,
            ReferenceMarket.Trade wanted) {
        String key = fillKey(trade, Long.toString(order));
        JsonNode fill = fills.remove(key);
        if (fill == null) {
            differences.add("fill " + key + " is missing");
        } else if (!fill.path("liquidity").asText().equals(liquidity)
                || !fill.path("price").asText().equals(wanted.price().toString())
                || !fill.path("size").asText().equals(wanted.size().toString())) {
            differences.add("fill %s is not %s of %s".formatted(fill, liquidity, wanted));
        }
    }

    private static String told(JsonNode trade, String side) {
        return trade.path(side).asText()
                + " "
                + trade.path("size").asText()
                + " @"
                + trade.path("price").asText();
    }

    private static String told(ReferenceMarket.Trade trade) {
        return trade.takerSide() + " " + trade.size() + " @" + trade.price();
    }

    private void compareBook(Market definition, ReferenceMarket market) {
        JsonNode book = api.get("/v1/books/" + definition.symbol() + "?depth=" + DEPTH);
        compareLevels(definition, "bids", book.path("bids"), market.levels(true));
        compareLevels(definition, "asks", book.path("asks"), market.levels(false));
    }

    private void compareLevels(Market definition, String side, JsonNode levels, List<Level> all) {
        List<String> shown = new ArrayList<>();
        levels.forEach(
                level ->
                        shown.add(
                                level.path("size").asText() + " @" + level.path("price").asText()));
        List<String> expected =
                all.stream()
                        .limit(DEPTH)
                        .map(level -> level.size() + " @" + level.price())
                        .toList();
        if (!shown.equals(expected)) {
            differences.add(
                    "%s's %s are %s, not %s".formatted(definition.symbol(), side, shown, expected));
        }
    }

    /** All orders of all clients, page after page. */
    static List<Seen> allOrders(List<Session> sessions) {
        return sessions.stream()
                .flatMap(session -> session.list("/v1/orders").stream())
                .map(History::seen)
                .toList();
    }

    /** Each order by its id, by its client order id and by its status: the same, exactly once. */
    static List<String> lookups(List<Session> sessions) throws InterruptedException {
        List<Future<List<String>>> looking = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            sessions.forEach(session -> looking.add(pool.submit(() -> lookups(session))));
        }
        List<String> differences = new ArrayList<>();
        for (Future<List<String>> found : looking) {
            try {
                differences.addAll(found.get());
            } catch (ExecutionException failed) {
                throw new IllegalStateException(failed);
            }
        }
        return differences;
    }

    private static List<String> lookups(Session session) {
        List<String> differences = new ArrayList<>();
        Set<Seen> open = new HashSet<>();
        for (JsonNode item : session.list("/v1/orders")) {
            Seen order = History.seen(item);
            Seen byId = History.seen(session.get("/v1/orders/" + order.orderId()));
            if (!byId.equals(order)) {
                differences.add("by its id, " + order + " is " + byId);
            }
            List<Seen> byClientId =
                    session.list("/v1/orders?clientOrderId=" + order.clientOrderId()).stream()
                            .map(History::seen)
                            .toList();
            if (!byClientId.equals(List.of(order))) {
                differences.add("by its client order id, " + order + " is " + byClientId);
            }
            if (!order.hasEnded()) {
                open.add(order);
            }
        }
        List<Seen> listedOpen =
                session.list("/v1/orders?status=OPEN&status=PARTIALLY_FILLED").stream()
                        .map(History::seen)
                        .toList();
        if (listedOpen.size() != open.size() || !open.containsAll(listedOpen)) {
            differences.add("open are " + open + ", but listed as open " + listedOpen);
        }
        return differences;
    }
}
