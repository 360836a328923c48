package io.perpetua.orders.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.perpetua.orders.app.OrderView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What became of one command of several: {@code order} is there or {@code problem}, as alone. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
@Schema(
        description =
                "What a request for this order alone would have been answered: the status, and the"
                        + " order or the problem.")
public record OrderResult(
        @Schema(examples = "201") int status,
        @Nullable OrderView order,
        @Nullable OrderProblem problem) {
    static OrderResult of(OrderProblemException failure) {
        return new OrderResult(failure.problem().status(), null, failure.problem());
    }
}
