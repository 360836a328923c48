package io.perpetua.orders.api;

import io.perpetua.edge.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a client may use as its own order id: 1 to 64 letters, digits, points, colons, dashes. */
final class ClientOrderId {
    /** As a regular expression. */
    static final String PATTERN = "^[A-Za-z0-9._:-]{1,64}$";

    private static final Pattern ALLOWED = Pattern.compile(PATTERN);

    private ClientOrderId() {}

    /** The id, if it is one; null stays null. */
    static @Nullable String checked(@Nullable String text) {
        if (text == null || ALLOWED.matcher(text).matches()) {
            return text;
        }
        throw Problem.fieldInvalid("clientOrderId", "must match " + PATTERN).exception();
    }
}
