package io.perpetua.orders.api;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.edge.Problem;
import io.perpetua.orders.app.OrderView;
import io.perpetua.orders.app.Outcome;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** What outcomes look like over HTTP: one status for each kind. */
final class Answers {
    private static final String SOON = "1";

    private Answers() {}

    /**
     * The order with this status when the command took effect, 202 while it is pending.
     *
     * @throws OrderProblemException for every other outcome
     */
    static RestResponse<OrderView> of(Outcome outcome, int status) {
        return switch (outcome) {
            case Outcome.Done(OrderView order) -> response(order, status);
            case Outcome.Pending(OrderView order) -> response(order, 202);
            case Outcome.Failed failed -> throw problem(failed);
        };
    }

    /** The same once the outcome is there; fails with the exception itself, not with a wrapper. */
    static CompletionStage<RestResponse<OrderView>> of(
            CompletionStage<Outcome> outcome, int status) {
        CompletableFuture<RestResponse<OrderView>> answer = new CompletableFuture<>();
        var _ =
                outcome.whenComplete(
                        (known, failure) -> {
                            try {
                                if (failure == null) {
                                    answer.complete(of(known, status));
                                } else {
                                    answer.completeExceptionally(unwrapped(failure));
                                }
                            } catch (RuntimeException problem) {
                                answer.completeExceptionally(problem);
                            }
                        });
        return answer;
    }

    /** The same as one of several answers. */
    static OrderResult result(Outcome outcome, int status) {
        return switch (outcome) {
            case Outcome.Done(OrderView order) -> new OrderResult(status, order, null);
            case Outcome.Pending(OrderView order) -> new OrderResult(202, order, null);
            case Outcome.Failed failed -> OrderResult.of(problem(failed));
        };
    }

    private static OrderProblemException problem(Outcome.Failed failed) {
        return switch (failed) {
            case Outcome.Refused(Refusal refusal, OrderId orderId) -> refused(refusal, orderId);
            case Outcome.Unknown(OrderId orderId) -> unknown(orderId);
            case Outcome.Shed() -> shed();
        };
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
    }

    private static RestResponse<OrderView> response(OrderView order, int status) {
        RestResponse.ResponseBuilder<OrderView> response =
                RestResponse.ResponseBuilder.<OrderView>create(status).entity(order);
        return status == 200
                ? response.build()
                : response.header(HttpHeaders.LOCATION, "/v1/orders/" + order.orderId()).build();
    }

    static OrderProblemException refused(Refusal refusal, @Nullable OrderId orderId) {
        Problem problem =
                Problem.of(status(refusal), refusal.name(), detail(refusal)).at(field(refusal));
        return new OrderProblemException(
                OrderProblem.of(problem, refusal.retryable(), orderId), null);
    }

    static OrderProblemException unknown(@Nullable OrderId orderId) {
        return problem(
                503,
                "OUTCOME_UNKNOWN",
                "the command may have taken effect or not; repeat it with the same client order id",
                orderId);
    }

    static OrderProblemException shed() {
        return problem(503, "OVERLOADED", "too much is under way; the command was not taken", null);
    }

    static OrderProblemException unavailable(@Nullable String detail) {
        return problem(
                503,
                "JOURNAL_UNAVAILABLE",
                detail == null ? "the journal can't be read now" : detail,
                null);
    }

    private static OrderProblemException problem(
            int status, String code, String detail, @Nullable OrderId orderId) {
        return new OrderProblemException(
                OrderProblem.of(Problem.of(status, code, detail), true, orderId), SOON);
    }

    private static int status(Refusal refusal) {
        return switch (refusal) {
            case SUBACCOUNT_UNKNOWN, ORDER_UNKNOWN -> 404;
            case CLIENT_ORDER_ID_REUSED, NONCE_OUT_OF_WINDOW, NONCE_TOO_LOW, NONCE_REUSED -> 409;
            case INTERNAL_ERROR -> 500;
            default -> 422;
        };
    }

    /** The field that broke the rule, where no other could have. */
    private static @Nullable String field(Refusal refusal) {
        return switch (refusal) {
            case NONCE_OUT_OF_WINDOW, NONCE_TOO_LOW, NONCE_REUSED -> "Perpetua-Nonce";
            case SUBACCOUNT_UNKNOWN -> "subaccountId";
            case CLIENT_ORDER_ID_REUSED -> "clientOrderId";
            case MARKET_UNKNOWN, MARKET_HALTED, MARKET_ENDED, MARKET_CANCEL_ONLY -> "market";
            case ORDER_UNKNOWN -> "orderId";
            case PRICE_OFF_TICK, PRICE_OUT_OF_BAND -> "price";
            case SIZE_OFF_STEP, SIZE_BELOW_MINIMUM, SIZE_ABOVE_MAXIMUM, SIZE_BELOW_FILLED -> "size";
            case TOO_LATE -> "validUntil";
            case MARKET_POST_ONLY, POST_ONLY_WOULD_CROSS, FOK_NOT_FILLABLE -> "timeInForce";
            case MARKET_REDUCE_ONLY, REDUCE_ONLY_WOULD_INCREASE -> "reduceOnly";
            case USER_CLOSED,
                    USER_DEACTIVATED,
                    USER_SUSPENDED,
                    ORDER_CLOSED,
                    LEVERAGE_TOO_HIGH,
                    TOO_MANY_OPEN_ORDERS,
                    TOO_MANY_AMENDMENTS,
                    MARK_PRICE_UNAVAILABLE,
                    MARGIN_INSUFFICIENT,
                    OPEN_INTEREST_EXCEEDED,
                    INTERNAL_ERROR ->
                    null;
        };
    }

    private static String detail(Refusal refusal) {
        return switch (refusal) {
            case NONCE_OUT_OF_WINDOW ->
                    "the nonce is more than two days old or more than a day ahead";
            case NONCE_TOO_LOW -> "the nonce is below the 100 highest used";
            case NONCE_REUSED -> "the nonce was used for another request";
            case SUBACCOUNT_UNKNOWN -> "there is no such subaccount, or it is not yours";
            case USER_CLOSED -> "the user is deleted";
            case USER_DEACTIVATED -> "the user is deactivated";
            case USER_SUSPENDED -> "the user is suspended and may only cancel and reduce";
            case CLIENT_ORDER_ID_REUSED -> "the client order id was used for another order";
            case MARKET_UNKNOWN -> "there is no such market";
            case MARKET_HALTED -> "the market takes no orders now";
            case MARKET_ENDED -> "the market has ended; it takes no orders any more";
            case MARKET_CANCEL_ONLY -> "the market takes only cancels now";
            case MARKET_POST_ONLY -> "the market takes only post-only orders now";
            case MARKET_REDUCE_ONLY -> "the market takes only reducing orders now";
            case ORDER_UNKNOWN -> "there is no such order, or it is not yours";
            case ORDER_CLOSED -> "the order has ended already";
            case PRICE_OFF_TICK -> "the price is no multiple of the market's tick";
            case SIZE_OFF_STEP -> "the size is no multiple of the market's step";
            case SIZE_BELOW_MINIMUM -> "the size is below the market's least";
            case SIZE_ABOVE_MAXIMUM -> "the size is above the market's greatest";
            case SIZE_BELOW_FILLED -> "the new size is not above what has filled already";
            case PRICE_OUT_OF_BAND -> "the price is further from the mark than the market allows";
            case LEVERAGE_TOO_HIGH -> "the leverage is above the market's greatest";
            case TOO_MANY_OPEN_ORDERS -> "the account has as many open orders as it may have";
            case TOO_MANY_AMENDMENTS -> "the order has as many amendments under way as it may have";
            case MARK_PRICE_UNAVAILABLE -> "there is no fresh mark price to judge the order by";
            case MARGIN_INSUFFICIENT -> "the collateral does not cover the order's worst case";
            case TOO_LATE -> "the order reached the book after its time";
            case REDUCE_ONLY_WOULD_INCREASE -> "there is no position the order could reduce";
            case POST_ONLY_WOULD_CROSS -> "the order must rest and would have traded at once";
            case FOK_NOT_FILLABLE -> "the book can't fill the order in full at once";
            case OPEN_INTEREST_EXCEEDED -> "the market's open interest is at its cap";
            case INTERNAL_ERROR -> "the platform failed on this command; nothing took effect";
        };
    }
}
