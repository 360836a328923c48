package io.perpetua.orders.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.edge.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Why a command about an order did not take effect, or what is not known of it (RFC 9457); {@code
 * field} is the one that broke the rule, where it was one alone, {@code orderId} the order it was
 * about, where known. What is {@code retryable} after a refusal is a new attempt, under a new
 * client order id or nonce; what was refused stays refused.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
@Schema(description = "What went wrong with a command about an order (RFC 9457).")
public record OrderProblem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        @Nullable String field,
        @Schema(
                        description =
                                "Whether the same command could succeed later. After 422 a new"
                                        + " attempt needs a new client order id, and an agent's a new"
                                        + " nonce: under the old one it is a repeat, which gets the"
                                        + " first answer again. After 503 it is the old one that"
                                        + " makes the repeat safe.")
                boolean retryable,
        @Nullable OrderId orderId) {
    static OrderProblem of(Problem problem, boolean retryable, @Nullable OrderId orderId) {
        return new OrderProblem(
                problem.type(),
                problem.title(),
                problem.status(),
                problem.detail(),
                problem.code(),
                problem.field(),
                retryable,
                orderId);
    }
}
