package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.vertx.ext.web.RoutingContext;
import jakarta.transaction.RollbackException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import java.io.IOException;
import java.sql.SQLException;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Answers every failure with a problem; the unforeseen is logged and shows nothing of ours. */
public class ProblemMappers {
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);
    private static final int MAX_CAUSES = 10;

    @ServerExceptionMapper
    RestResponse<Problem> problem(ProblemException failure) {
        return response(failure.problem(), failure.retryAfterSeconds());
    }

    @ServerExceptionMapper
    RestResponse<Problem> body(JsonProcessingException failure) {
        return response(JsonProblems.of(failure));
    }

    @ServerExceptionMapper
    RestResponse<Problem> body(MismatchedInputException failure) {
        return response(JsonProblems.of(failure));
    }

    @ServerExceptionMapper
    RestResponse<Problem> http(WebApplicationException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException inner) {
                return response(inner.problem(), inner.retryAfterSeconds());
            }
            if (cause instanceof JsonProcessingException body) {
                return response(JsonProblems.of(body));
            }
        }
        int status = failure.getResponse().getStatus();
        return status >= 500 ? unforeseen(failure) : response(plain(status));
    }

    /** An answer can't be written to who has left in the middle of it: nobody reads this one. */
    @ServerExceptionMapper
    RestResponse<Problem> io(IOException failure, RoutingContext request) {
        if (!request.response().closed()) {
            return unforeseen(failure);
        }
        LOG.debugf("a client left: %s", failure);
        return response(plain(400));
    }

    @ServerExceptionMapper
    RestResponse<Problem> unforeseen(Throwable failure) {
        if (isOutage(failure)) {
            LOG.warnf("the database can't be reached: %s", failure);
            return response(
                    Problem.of(
                            503,
                            "STORAGE_UNAVAILABLE",
                            "the service can't reach its storage now; repeat the request"));
        }
        String reference = UUID.randomUUID().toString();
        LOG.errorf(failure, "a request failed, reference %s", reference);
        return response(
                Problem.of(
                        500,
                        "INTERNAL_ERROR",
                        "something failed on our side; reference " + reference));
    }

    /** Whether the database, or the way to it, was away: what failed may be tried again. */
    private static boolean isOutage(Throwable failure) {
        return isOutage(failure, 0);
    }

    /** A commit that failed has the database's error among its suppressed ones. */
    private static boolean isOutage(@Nullable Throwable failure, int depth) {
        if (failure == null || depth == MAX_CAUSES) {
            return false;
        }
        if (failure instanceof SQLException sql && isOutage(sql.getSQLState())) {
            return true;
        }
        if (failure instanceof RollbackException) {
            for (Throwable resource : failure.getSuppressed()) {
                if (isOutage(resource, depth + 1)) {
                    return true;
                }
            }
        }
        return isOutage(failure.getCause(), depth + 1);
    }

    /**
     * Of class 08 the connection failed, of 53 resources ran out, of 57 an operator intervened or
     * the statement ran out of time; the pool gives no state.
     */
    private static boolean isOutage(@Nullable String sqlState) {
        return sqlState == null
                || sqlState.startsWith("08")
                || sqlState.startsWith("53")
                || sqlState.startsWith("57");
    }

    static Problem plain(int status) {
        return switch (status) {
            case 400 -> Problem.of(400, "REQUEST_MALFORMED", "the request is not understood");
            case 404 -> Problem.of(404, "PATH_UNKNOWN", "there is nothing at this path");
            case 405 -> Problem.of(405, "METHOD_NOT_ALLOWED", "this path has no such method");
            case 406 -> Problem.of(406, "NOT_ACCEPTABLE", "answers are application/json");
            case 413 -> bodyTooLarge();
            case 415 -> Problem.of(415, "MEDIA_TYPE_UNSUPPORTED", "bodies are application/json");
            default -> Problem.of(status, "REQUEST_REFUSED", "the request is refused");
        };
    }

    static Problem bodyTooLarge() {
        return Problem.of(413, "BODY_TOO_LARGE", "a body has at most 64 KiB").at("body");
    }

    static RestResponse<Problem> response(Problem problem) {
        return response(problem, Problem.SOON_SECONDS);
    }

    private static RestResponse<Problem> response(Problem problem, long retryAfterSeconds) {
        RestResponse.ResponseBuilder<Problem> response =
                RestResponse.ResponseBuilder.<Problem>create(problem.status())
                        .entity(problem)
                        .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE);
        if (problem.status() == 401) {
            response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        }
        if (problem.status() == 429 || problem.status() == 503) {
            response.header(HttpHeaders.RETRY_AFTER, Long.toString(retryAfterSeconds));
        }
        return response.build();
    }
}
