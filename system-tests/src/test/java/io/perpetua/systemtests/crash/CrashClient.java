package io.perpetua.systemtests.crash;

import io.perpetua.contracts.orders.OrderType;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.orders.TimeInForce;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import io.perpetua.contracts.value.Rate;
import io.perpetua.contracts.value.Usd;
import io.perpetua.demo.client.Answer;
import io.perpetua.demo.client.Api;
import io.perpetua.demo.client.Session;
import io.perpetua.demo.trader.Listing;
import io.perpetua.systemtests.crash.History.Request;
import io.perpetua.systemtests.crash.Operation.Content;
import io.perpetua.systemtests.crash.Operation.Kind;
import io.perpetua.systemtests.crash.Operation.Meaning;
import io.perpetua.systemtests.crash.Operation.Seen;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A client that places, amends and cancels, repeats requests, and sometimes sends two at once.
 * Every request is sent once and written down, whatever comes back. What it does next is drawn from
 * its seed; on which of its orders depends on what it was answered.
 */
final class CrashClient {
    private static final long LONGEST_PAUSE_MILLIS = 120;
    private static final long PRICE_MILLIS = 1_000;
    private static final int RECENT = 30;
    private static final int WIDEST_BASIS_POINTS = 10;

    private final String name;
    private final Api api;
    private final Session session;
    private final History history;
    private final List<Listing> listings;
    private final SplittableRandom random;
    private final Map<String, Price> prices = new HashMap<>();
    private final List<Placed> placed = new ArrayList<>();
    private long pricesAtNanos;
    private int count;

    /** A placement, and the order's id once it is known. */
    private static final class Placed {
        final String clientOrderId;
        final Content content;
        volatile String orderId;
        volatile boolean uncertain;
        volatile boolean ended;

        Placed(String clientOrderId, Content content) {
            this.clientOrderId = clientOrderId;
            this.content = content;
        }
    }

    CrashClient(
            String name,
            Api api,
            Session session,
            History history,
            List<Listing> listings,
            SplittableRandom random) {
        this.name = name;
        this.api = api;
        this.session = session;
        this.history = history;
        this.listings = listings;
        this.random = random;
    }

    String name() {
        return name;
    }

    Session session() {
        return session;
    }

    /** Acts until it is told to stop. */
    void run(BooleanSupplier open) throws InterruptedException {
        while (open.getAsBoolean()) {
            refreshPrices();
            if (prices.size() == listings.size()) {
                act();
            }
            Thread.sleep(random.nextLong(LONGEST_PAUSE_MILLIS));
        }
    }

    /** When all is well again: repeats its last placements, then each with other content. */
    void repeat() {
        for (Placed order :
                List.copyOf(placed.subList(Math.max(0, placed.size() - RECENT), placed.size()))) {
            send(order, order.content);
            send(order, content());
        }
    }

    private void refreshPrices() {
        if (System.nanoTime() - pricesAtNanos < PRICE_MILLIS * 1_000_000 && !prices.isEmpty()) {
            return;
        }
        for (Listing listing : listings) {
            Answer answer = api.send("GET", "/v1/prices/" + listing.symbol(), null, (Object) null);
            if (answer.isOk() && answer.body().hasNonNull("oracle")) {
                prices.put(listing.symbol(), Price.parse(answer.body().path("oracle").asText()));
            }
        }
        pricesAtNanos = System.nanoTime();
    }

    private void act() throws InterruptedException {
        int kind = random.nextInt(100);
        if (kind < 8) {
            placeTogether(random.nextInt(2, 5));
            return;
        }
        if (kind < 42 || placed.isEmpty()) {
            Placed fresh = place();
            if (random.nextInt(8) == 0) {
                atOnce(() -> send(fresh, fresh.content), () -> send(fresh, fresh.content));
            } else {
                send(fresh, fresh.content);
            }
            return;
        }
        Placed chosen = kind < 58 ? chosen() : perhapsOpen();
        if (kind < 54) {
            send(chosen, chosen.content);
        } else if (kind < 58) {
            send(chosen, content());
        } else if (kind < 61) {
            cancelTogether(List.of(chosen, perhapsOpen(), perhapsOpen()));
        } else if (kind < 70) {
            cancel(chosen);
        } else if (kind < 74) {
            cancelByClientId(chosen);
        } else if (kind < 84) {
            amend(chosen);
        } else if (kind < 86) {
            String price = price(chosen.content);
            atOnce(() -> cancel(chosen), () -> amend(chosen, price, null));
        } else if (kind < 88) {
            cancelAll(random.nextBoolean() ? null : chosen.content.market());
        } else {
            read(chosen);
        }
    }

    private static void atOnce(Runnable one, Runnable other) throws InterruptedException {
        Thread beside = Thread.ofVirtual().start(other);
        one.run();
        beside.join();
    }

    /** One of the last placements, sooner one whose outcome is not known. */
    private Placed chosen() {
        return chosen(one -> one.uncertain);
    }

    /** One of the last placements, sooner one that may be open. */
    private Placed perhapsOpen() {
        return chosen(one -> !one.ended);
    }

    private Placed chosen(Predicate<Placed> sooner) {
        List<Placed> recent = placed.subList(Math.max(0, placed.size() - RECENT), placed.size());
        List<Placed> preferred = recent.stream().filter(sooner).toList();
        double where = random.nextDouble();
        List<Placed> from = random.nextInt(4) == 0 || preferred.isEmpty() ? recent : preferred;
        return from.get((int) (where * from.size()));
    }

    private Placed place() {
        Placed fresh = new Placed(name + "-" + ++count, content());
        placed.add(fresh);
        return fresh;
    }

    private Content content() {
        Listing listing = listings.get(random.nextInt(listings.size()));
        Side side = random.nextBoolean() ? Side.BUY : Side.SELL;
        boolean isMarket = random.nextInt(12) == 0;
        int time = random.nextInt(20);
        TimeInForce timeInForce =
                isMarket || time < 3
                        ? TimeInForce.IOC
                        : time < 5
                                ? TimeInForce.FOK
                                : time < 7 ? TimeInForce.POST_ONLY : TimeInForce.GTC;
        Price price = price(listing, side);
        Usd worth = Usd.ofDollars(random.nextLong(50, 2_000));
        return new Content(
                listing.symbol(),
                side.name(),
                (isMarket ? OrderType.MARKET : OrderType.LIMIT).name(),
                timeInForce.name(),
                isMarket ? null : offTick(price).toString(),
                listing.worth(worth, price).toString(),
                random.nextInt(6) == 0);
    }

    /** Now and then a price that the market must refuse. */
    private Price offTick(Price price) {
        return random.nextInt(60) == 0 ? new Price(price.units() + 1) : price;
    }

    private Price price(Listing listing, Side side) {
        int towards = random.nextInt(-WIDEST_BASIS_POINTS, WIDEST_BASIS_POINTS / 2 + 1);
        return listing.moved(
                prices.get(listing.symbol()),
                Rate.ofBasisPoints(side == Side.BUY ? towards : -towards));
    }

    private String price(Content content) {
        return price(listing(content.market()), Side.valueOf(content.side())).toString();
    }

    private Listing listing(String symbol) {
        return listings.stream()
                .filter(listing -> listing.symbol().equals(symbol))
                .findFirst()
                .orElseThrow();
    }

    private void send(Placed order, Content content) {
        Map<String, Object> body = body(order, content);
        noted(
                order,
                content,
                history.record(
                        request(Kind.PLACE, order.clientOrderId, null, content, null, null),
                        () -> session.send("POST", "/v1/orders", body)));
    }

    /** Several new orders in one request, and all of them again if nothing is known of it. */
    private void placeTogether(int orders) {
        List<Placed> fresh = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        List<Map<String, Object>> bodies = new ArrayList<>();
        for (int i = 0; i < orders; i++) {
            Placed order = place();
            fresh.add(order);
            requests.add(request(Kind.PLACE, order.clientOrderId, null, order.content, null, null));
            bodies.add(body(order, order.content));
        }
        List<Operation> operations = List.of();
        for (int i = 0; i < 2; i++) {
            operations =
                    history.record(
                            requests,
                            () ->
                                    session.send(
                                            "POST",
                                            "/v1/orders/batch",
                                            Api.body("orders", bodies)));
            if (operations.stream().allMatch(one -> one.meaning() != Meaning.UNKNOWN)) {
                break;
            }
        }
        for (int i = 0; i < orders; i++) {
            noted(fresh.get(i), fresh.get(i).content, operations.get(i));
        }
    }

    private Map<String, Object> body(Placed order, Content content) {
        return Api.body(
                "subaccountId", session.subaccount(),
                "market", content.market(),
                "side", content.side(),
                "type", content.type(),
                "timeInForce", content.timeInForce(),
                "price", content.price(),
                "size", content.size(),
                "reduceOnly", content.reduceOnly(),
                "clientOrderId", order.clientOrderId);
    }

    private void noted(Placed order, Content content, Operation operation) {
        Seen seen = operation.reply().order();
        if (operation.meaning() == Meaning.DONE && content.equals(order.content)) {
            order.orderId = seen.orderId();
            order.uncertain = false;
            order.ended = seen.hasEnded();
        } else if (operation.meaning() == Meaning.REFUSED) {
            order.ended = order.orderId == null;
        } else if (operation.meaning() == Meaning.UNKNOWN) {
            order.uncertain = order.orderId == null;
            if (seen != null) {
                read(order.clientOrderId, seen.orderId());
            }
        }
    }

    private Request request(
            Kind kind,
            String clientOrderId,
            String orderId,
            Content content,
            String price,
            String market) {
        return new Request(name, kind, clientOrderId, orderId, content, price, market);
    }

    private void cancel(Placed order) {
        if (order.orderId == null) {
            cancelByClientId(order);
            return;
        }
        Operation operation =
                history.record(
                        request(Kind.CANCEL, null, order.orderId, null, null, null),
                        () -> session.send("DELETE", "/v1/orders/" + order.orderId, null));
        noteCancel(order, operation);
    }

    private void cancelTogether(List<Placed> orders) {
        List<Placed> known = orders.stream().filter(order -> order.orderId != null).toList();
        if (known.isEmpty()) {
            return;
        }
        List<Operation> operations =
                history.record(
                        known.stream()
                                .map(
                                        order ->
                                                request(
                                                        Kind.CANCEL,
                                                        null,
                                                        order.orderId,
                                                        null,
                                                        null,
                                                        null))
                                .toList(),
                        () ->
                                session.send(
                                        "POST",
                                        "/v1/orders/batch-cancel",
                                        Api.body(
                                                "orderIds",
                                                known.stream()
                                                        .map(order -> order.orderId)
                                                        .toList())));
        for (int i = 0; i < known.size(); i++) {
            noteCancel(known.get(i), operations.get(i));
        }
    }

    private static void noteCancel(Placed order, Operation operation) {
        order.ended = operation.meaning() == Meaning.DONE || operation.meaning() == Meaning.REFUSED;
    }

    private void cancelByClientId(Placed order) {
        history.record(
                request(
                        Kind.CANCEL_BY_CLIENT_ID,
                        order.clientOrderId,
                        null,
                        null,
                        null,
                        order.content.market()),
                () ->
                        session.send(
                                "DELETE",
                                "/v1/orders?subaccountId=%s&market=%s&clientOrderId=%s"
                                        .formatted(
                                                session.subaccount(),
                                                order.content.market(),
                                                order.clientOrderId),
                                null));
    }

    private void cancelAll(String market) {
        String where = market == null ? "" : "&market=" + market;
        history.record(
                request(Kind.CANCEL_ALL, null, null, null, null, market),
                () ->
                        session.send(
                                "DELETE",
                                "/v1/orders?subaccountId=" + session.subaccount() + where,
                                null));
    }

    private void amend(Placed order) {
        String price = price(order.content);
        long percent = random.nextLong(30, 200);
        int what = random.nextInt(3);
        amend(order, what == 0 ? null : price, what == 1 ? null : share(order.content, percent));
    }

    private String share(Content content, long percent) {
        Listing listing = listing(content.market());
        long steps =
                Quantity.parse(content.size()).units() * percent / 100 / listing.step().units();
        return new Quantity(Math.max(1, steps) * listing.step().units()).toString();
    }

    private void amend(Placed order, String price, String size) {
        if (order.orderId == null || order.content.price() == null) {
            return;
        }
        history.record(
                request(Kind.AMEND, null, order.orderId, null, price, null),
                () ->
                        session.send(
                                "PATCH",
                                "/v1/orders/" + order.orderId,
                                Api.body("price", price, "size", size)));
    }

    private void read(Placed order) {
        if (order.orderId == null) {
            send(order, order.content);
        } else {
            read(null, order.orderId);
        }
    }

    private void read(String clientOrderId, String orderId) {
        history.record(
                request(Kind.READ, clientOrderId, orderId, null, null, null),
                () -> session.send("GET", "/v1/orders/" + orderId, null));
    }
}
