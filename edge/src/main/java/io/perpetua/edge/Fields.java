package io.perpetua.edge;

import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Turns the text of path and query parameters into values; what can't be is a problem. */
public final class Fields {
    private Fields() {}

    /**
     * The value of a parameter that must be there.
     *
     * @throws ProblemException naming the field when it is absent or {@code parser} refuses it with
     *     an {@code IllegalArgumentException}
     */
    public static <T> T required(String field, @Nullable String text, Function<String, T> parser) {
        T value = optional(field, text, parser);
        if (value == null) {
            throw Problem.fieldMissing(field).exception();
        }
        return value;
    }

    /** The value of a parameter that may be absent. */
    public static <T> @Nullable T optional(
            String field, @Nullable String text, Function<String, T> parser) {
        if (text == null) {
            return null;
        }
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException invalid) {
            String reason = invalid.getMessage();
            throw Problem.fieldInvalid(field, reason == null ? "not understood" : reason)
                    .exception();
        }
    }

    /** An enum constant by its exact name; null when absent. */
    public static <E extends Enum<E>> @Nullable E optional(
            String field, @Nullable String text, Class<E> type) {
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(text)) {
                return constant;
            }
        }
        throw Problem.fieldInvalid(field, "'" + field + "' is none of the allowed words")
                .allowing(Arrays.stream(type.getEnumConstants()).map(Enum::name).toList())
                .exception();
    }

    /** An enum constant by its exact name. */
    public static <E extends Enum<E>> E required(
            String field, @Nullable String text, Class<E> type) {
        E constant = optional(field, text, type);
        if (constant == null) {
            throw Problem.fieldMissing(field).exception();
        }
        return constant;
    }
}
