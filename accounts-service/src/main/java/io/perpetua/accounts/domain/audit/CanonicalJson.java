package io.perpetua.accounts.domain.audit;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON in the one form that the audit log keeps: names sorted, no blanks, every character printable
 * ASCII, so that the same state is always the same bytes.
 */
public final class CanonicalJson {
    private CanonicalJson() {}

    /**
     * An object of texts, whole numbers, truth values, nulls, lists and further objects.
     *
     * @throws IllegalArgumentException for any other value: a fraction has more than one form
     */
    public static String of(Map<String, ? extends @Nullable Object> object) {
        StringBuilder json = new StringBuilder();
        append(json, object);
        return json.toString();
    }

    private static void append(StringBuilder json, @Nullable Object value) {
        switch (value) {
            case null -> json.append("null");
            case Boolean truth -> json.append(truth);
            case Integer number -> json.append(number);
            case Long number -> json.append(number);
            case String text -> appendText(json, text);
            case Enum<?> constant -> appendText(json, constant.name());
            case Map<?, ?> object -> appendObject(json, object);
            case Collection<?> items -> appendList(json, items);
            default -> throw new IllegalArgumentException("has no form: " + value.getClass());
        }
    }

    private static void appendObject(StringBuilder json, Map<?, ?> object) {
        TreeMap<String, @Nullable Object> sorted = new TreeMap<>();
        object.forEach((name, value) -> sorted.put(String.valueOf(name), value));
        String separator = "{";
        for (Map.Entry<String, @Nullable Object> field : sorted.entrySet()) {
            json.append(separator);
            appendText(json, field.getKey());
            json.append(':');
            append(json, field.getValue());
            separator = ",";
        }
        json.append(sorted.isEmpty() ? "{}" : "}");
    }

    private static void appendList(StringBuilder json, Collection<?> items) {
        String separator = "";
        json.append('[');
        for (Object item : items) {
            json.append(separator);
            append(json, item);
            separator = ",";
        }
        json.append(']');
    }

    private static void appendText(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (unit == '"' || unit == '\\') {
                json.append('\\').append(unit);
            } else if (unit >= ' ' && unit <= '~') {
                json.append(unit);
            } else {
                json.append("\\u%04x".formatted((int) unit));
            }
        }
        json.append('"');
    }
}
