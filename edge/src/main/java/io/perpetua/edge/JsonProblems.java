package io.perpetua.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what is wrong with a JSON body, and where, without a word about our classes. */
public final class JsonProblems {
    private JsonProblems() {}

    /** The answer to a body that {@code failure} was thrown at. */
    public static Problem of(JsonProcessingException failure) {
        if (failure instanceof StreamConstraintsException) {
            return Problem.of(400, "BODY_MALFORMED", "the body is nested too deep or too long");
        }
        if (!(failure instanceof JsonMappingException mapping)) {
            return malformed(failure, null);
        }
        String path = path(mapping);
        if (mapping.getCause() instanceof ProblemException inner) {
            return inner.problem();
        }
        if (mapping.getCause() instanceof InputCoercionException) {
            return invalid(path, "'%s' is out of range");
        }
        return switch (mapping) {
            case UnrecognizedPropertyException unknown -> unknown(unknown, path);
            case InvalidNullException missing -> missing(path);
            case InvalidFormatException format when format.getTargetType().isEnum() ->
                    invalid(path, "'%s' is none of the allowed words")
                            .allowing(constants(format.getTargetType()));
            case InvalidFormatException format when format.getTargetType() == String.class ->
                    invalid(path, "'%s' holds U+0000 or half of a surrogate pair");
            case InvalidFormatException format when format.getTargetType() == Instant.class ->
                    invalid(
                            path,
                            "'%s' is no time of the years 1970 to 9999, written as 2026-01-01T00:00:00Z");
            case ValueInstantiationException value -> value(value, path);
            case MismatchedInputException mismatch -> mismatch(mismatch, path);
            default ->
                    mapping.getCause() instanceof JsonProcessingException cause
                                    && !(cause instanceof JsonMappingException)
                            ? malformed(cause, path)
                            : invalid(path, "'%s' is not understood");
        };
    }

    private static Problem malformed(JsonProcessingException failure, @Nullable String path) {
        if (failure instanceof StreamConstraintsException) {
            return Problem.of(400, "BODY_MALFORMED", "the body is nested too deep or too long")
                    .at(path);
        }
        String message = failure.getOriginalMessage();
        if (message != null && message.startsWith("Duplicate field '")) {
            String name = message.substring("Duplicate field '".length(), message.length() - 1);
            return Problem.of(400, "FIELD_REPEATED", "'" + name + "' stands more than once")
                    .at(path == null ? name : path + "." + name);
        }
        String where =
                failure.getLocation() == null
                        ? ""
                        : " near line %d, column %d"
                                .formatted(
                                        failure.getLocation().getLineNr(),
                                        failure.getLocation().getColumnNr());
        return Problem.of(400, "BODY_MALFORMED", "the body is no JSON" + where).at(path);
    }

    private static Problem unknown(UnrecognizedPropertyException failure, @Nullable String path) {
        Problem problem =
                Problem.of(400, "FIELD_UNKNOWN", "there is no field '" + path + "'").at(path);
        List<Object> known =
                failure.getKnownPropertyIds() == null
                        ? List.of()
                        : List.copyOf(failure.getKnownPropertyIds());
        return known.isEmpty()
                ? problem
                : problem.allowing(known.stream().map(String::valueOf).sorted().toList());
    }

    private static Problem value(ValueInstantiationException failure, @Nullable String path) {
        return failure.getCause() instanceof IllegalArgumentException refused
                        && refused.getMessage() != null
                ? Problem.of(400, "FIELD_INVALID", refused.getMessage()).at(path)
                : invalid(path, "'%s' is not understood");
    }

    private static Problem mismatch(MismatchedInputException failure, @Nullable String path) {
        String message = failure.getOriginalMessage();
        if (message != null && message.startsWith("Missing required creator property")) {
            return missing(path);
        }
        if (message != null && message.startsWith("Trailing token")) {
            return Problem.of(400, "BODY_MALFORMED", "something follows the end of the body");
        }
        if (message != null && message.startsWith("No content")) {
            return bodyMissing();
        }
        return invalid(path, "'%s' is of the wrong type");
    }

    /**
     * What was read from a body.
     *
     * @throws ProblemException when there was none, or it was the word {@code null}
     */
    public static <T> T required(@Nullable T body) {
        if (body == null) {
            throw bodyMissing().exception();
        }
        return body;
    }

    private static Problem bodyMissing() {
        return Problem.of(400, "BODY_MISSING", "a JSON body is required");
    }

    private static Problem missing(@Nullable String path) {
        return path == null ? bodyMissing() : Problem.fieldMissing(path);
    }

    private static Problem invalid(@Nullable String path, String detail) {
        String field = path == null ? "body" : path;
        return Problem.of(400, "FIELD_INVALID", detail.formatted(field)).at(field);
    }

    private static List<String> constants(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(String::valueOf).toList();
    }

    private static @Nullable String path(JsonMappingException failure) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : failure.getPath()) {
            if (step.getFieldName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            } else if (step.getIndex() >= 0) {
                path.append('[').append(step.getIndex()).append(']');
            }
        }
        return path.isEmpty() ? null : path.toString();
    }
}
