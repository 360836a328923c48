package io.perpetua.orders.api;

import io.perpetua.edge.Problem;
import io.perpetua.orders.app.CommandJournal.JournalUnavailableException;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers problems of orders. */
class OrderProblemMapper {
    @ServerExceptionMapper
    RestResponse<OrderProblem> problem(OrderProblemException failure) {
        OrderProblem problem = failure.problem();
        RestResponse.ResponseBuilder<OrderProblem> response =
                RestResponse.ResponseBuilder.<OrderProblem>create(problem.status())
                        .entity(problem)
                        .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (failure.retryAfterSeconds() != null) {
            response.header(HttpHeaders.RETRY_AFTER, failure.retryAfterSeconds());
        }
        return response.build();
    }

    @ServerExceptionMapper
    RestResponse<OrderProblem> unavailable(JournalUnavailableException failure) {
        return problem(Answers.unavailable(failure.getMessage()));
    }
}
