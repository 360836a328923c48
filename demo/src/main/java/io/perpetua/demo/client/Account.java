package io.perpetua.demo.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Quantity;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A session that trades. Every order bears a client order id, so that an order whose answer was
 * lost is sent again and takes effect once; the ids of all acknowledged orders are kept for the
 * checks.
 */
public final class Account {
    private final String name;
    private final Session session;
    private final Tally tally;
    private final String prefix;
    private final AtomicLong count = new AtomicLong();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    /** Of the session, its client order ids beginning with {@code name}. */
    public Account(String name, Session session, Tally tally) {
        this.name = name;
        this.session = session;
        this.tally = tally;
        this.prefix = name + "-" + Long.toString(System.currentTimeMillis(), 36) + "-";
    }

    /** Places an order; the answer is final, be it the order or a refusal. */
    public Answer place(OrderRequest request) {
        Map<String, Object> body =
                request.body(session.subaccount(), prefix + count.incrementAndGet());
        long began = System.nanoTime();
        Answer answer = decided("POST", "/v1/orders", body);
        long nanos = System.nanoTime() - began;
        if (answer.isOk()) {
            acknowledged.add(answer.body().path("orderId").asText());
            tally.accepted(nanos);
        } else {
            tally.refused(answer.code(), nanos);
        }
        return answer;
    }

    /** Cancels an order. */
    public Answer cancel(String orderId) {
        long began = System.nanoTime();
        Answer answer = decided("DELETE", "/v1/orders/" + orderId, null);
        tally.cancelled(System.nanoTime() - began);
        return answer;
    }

    /** Changes an order's price, size or both; null stays. */
    public Answer amend(String orderId, @Nullable Price price, @Nullable Quantity size) {
        long began = System.nanoTime();
        Answer answer =
                decided(
                        "PATCH",
                        "/v1/orders/" + orderId,
                        Api.body(
                                "price", price == null ? null : price.toString(),
                                "size", size == null ? null : size.toString()));
        tally.amended(System.nanoTime() - began);
        return answer;
    }

    /** Cancels all orders. */
    public Answer cancelAll() {
        return session.persist("DELETE", "/v1/orders?subaccountId=" + session.subaccount(), null);
    }

    private Answer decided(String method, String path, @Nullable Object body) {
        Answer answer = session.send(method, path, body);
        if (answer.isUnavailable()) {
            tally.repeated();
            answer = session.persist(method, path, body);
        }
        String order = answer.body().path("orderId").asText("");
        for (int i = 0; answer.status() == 202 && !order.isEmpty() && i < 100; i++) {
            acknowledged.add(order);
            JsonNode found = session.get("/v1/orders/" + order);
            if (!found.path("status").asText().equals("PENDING")) {
                return new Answer(200, found);
            }
            pause(100);
        }
        return answer;
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Its session. */
    public Session session() {
        return session;
    }

    /** The ids of all orders that were acknowledged. */
    public Set<String> acknowledged() {
        return Set.copyOf(acknowledged);
    }
}
