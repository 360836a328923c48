package io.perpetua.systemtests.crash;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.demo.client.Answer;
import io.perpetua.systemtests.crash.Operation.Content;
import io.perpetua.systemtests.crash.Operation.Kind;
import io.perpetua.systemtests.crash.Operation.Reply;
import io.perpetua.systemtests.crash.Operation.Seen;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** What all clients asked and were answered, with the times by one clock. */
final class History {
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();

    /** A request that is about to be sent. */
    record Request(
            String client,
            Kind kind,
            String clientOrderId,
            String orderId,
            Content content,
            String price,
            String market) {}

    /** Sends a request and writes both down. */
    Operation record(Request request, Supplier<Answer> sending) {
        long invoked = System.nanoTime();
        Answer answer = sending.get();
        return record(request, invoked, System.nanoTime(), answer);
    }

    /** Sends several requests as one; what it is answered as a whole, all of them are. */
    List<Operation> record(List<Request> requests, Supplier<Answer> sending) {
        long invoked = System.nanoTime();
        Answer answer = sending.get();
        long completed = System.nanoTime();
        List<Operation> recorded = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            recorded.add(record(requests.get(i), invoked, completed, part(answer, i)));
        }
        return recorded;
    }

    private static Answer part(Answer whole, int index) {
        if (!whole.isOk()) {
            return whole;
        }
        JsonNode result = whole.body().path("results").path(index);
        return new Answer(
                result.path("status").asInt(),
                result.has("order") ? result.path("order") : result.path("problem"));
    }

    private Operation record(Request request, long invoked, long completed, Answer answer) {
        Operation operation =
                new Operation(
                        request.client(),
                        request.kind(),
                        request.clientOrderId(),
                        request.orderId(),
                        request.content(),
                        request.price(),
                        request.market(),
                        invoked,
                        completed,
                        reply(answer));
        operations.add(operation);
        return operation;
    }

    Collection<Operation> operations() {
        return List.copyOf(operations);
    }

    /** How often each kind of request was answered how. */
    Map<String, Integer> summary() {
        Map<String, Integer> counts = new TreeMap<>();
        for (Operation operation : operations) {
            Reply reply = operation.reply();
            String code = reply.code().isEmpty() ? "" : " " + reply.code();
            counts.merge(operation.kind() + " " + reply.status() + code, 1, Integer::sum);
        }
        return counts;
    }

    private static Reply reply(Answer answer) {
        JsonNode body = answer.body();
        boolean isOrder = answer.isOk() && body.has("status") && body.has("orderId");
        String code = answer.isOk() ? "" : body.path("code").asText("");
        return new Reply(
                answer.status(),
                code,
                isOrder ? seen(body) : null,
                isOrder ? null : text(body, "orderId"));
    }

    /** The order in an answer's body. */
    static Seen seen(JsonNode order) {
        return new Seen(
                text(order, "orderId"),
                text(order, "clientOrderId"),
                text(order, "market"),
                text(order, "side"),
                text(order, "type"),
                text(order, "timeInForce"),
                order.path("reduceOnly").asBoolean(),
                text(order, "status"),
                text(order, "price"),
                text(order, "size"),
                text(order, "filled"),
                text(order, "remaining"),
                text(order, "quote"),
                text(order, "reason"),
                text(order, "updatedAt"));
    }

    private static String text(JsonNode body, String field) {
        return body.hasNonNull(field) ? body.path(field).asText() : null;
    }
}
