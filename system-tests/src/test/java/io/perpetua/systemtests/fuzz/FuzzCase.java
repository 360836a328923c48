package io.perpetua.systemtests.fuzz;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that can be sent again in another system: what differs from system to system, and what
 * is long or no text, stands in it as a name, such as <code>${token}</code> ({@link Names}).
 *
 * @param about what is wrong with it; empty for a valid request
 * @param service whose operation it is meant for
 * @param operation method and path as they are described
 * @param direct whether it goes to the service itself, past the front door
 * @param expected what every answer must be; the judge has its own rules besides
 * @param headers without those that tell the body's length
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FuzzCase(
        String about,
        String service,
        String operation,
        boolean direct,
        Expected expected,
        String method,
        String target,
        List<String> headers,
        @Nullable String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a request of this kind must be answered with. */
    public enum Expected {
        /** Anything that is in order. */
        ANYTHING,
        /** It is valid: the operation has to succeed. */
        SUCCESS,
        /** Status 401. */
        UNAUTHENTICATED,
        /** Any status from 400 to 499. */
        REFUSAL
    }

    /** From what {@link #toString} wrote. */
    static FuzzCase parse(String line) {
        try {
            return JSON.readValue(line, FuzzCase.class);
        } catch (JsonProcessingException unreadable) {
            throw new IllegalArgumentException(line, unreadable);
        }
    }

    /** On one line, as committed cases are kept. */
    @Override
    public String toString() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
