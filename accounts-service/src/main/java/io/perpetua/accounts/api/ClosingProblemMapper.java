package io.perpetua.accounts.api;

import io.perpetua.edge.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers what keeps a user from leaving. */
class ClosingProblemMapper {
    @ServerExceptionMapper
    RestResponse<ClosingProblem> problem(ClosingProblemException failure) {
        ClosingProblem problem = failure.problem();
        return RestResponse.ResponseBuilder.<ClosingProblem>create(problem.status())
                .entity(problem)
                .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .build();
    }
}
