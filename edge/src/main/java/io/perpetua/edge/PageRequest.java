package io.perpetua.edge;

import org.jspecify.annotations.Nullable;

/**
 * Which part of a list is asked for: {@code limit} items that come after {@code after}.
 *
 * @param limit 1 to 200
 * @param after the last item already seen; null for the newest
 */
public record PageRequest(int limit, @Nullable Cursor after) {
    private static final int LARGEST = 200;
    private static final int USUAL = 50;

    /**
     * From the query parameters {@code limit} and {@code cursor}, either of which may be absent.
     *
     * @throws ProblemException when one of them is malformed
     */
    public static PageRequest of(@Nullable String limit, @Nullable String cursor) {
        return new PageRequest(limitOf(limit), cursorOf(cursor));
    }

    private static int limitOf(@Nullable String text) {
        Integer limit = Fields.optional("limit", text, PageRequest::parseLimit);
        return limit == null ? USUAL : limit;
    }

    private static int parseLimit(String text) {
        if (text.matches("[0-9]{1,3}")) {
            int limit = Integer.parseInt(text);
            if (limit >= 1 && limit <= LARGEST) {
                return limit;
            }
        }
        throw new IllegalArgumentException("'limit' is a number from 1 to " + LARGEST);
    }

    private static @Nullable Cursor cursorOf(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            return Cursor.parse(text);
        } catch (IllegalArgumentException damaged) {
            throw Problem.of(400, "CURSOR_INVALID", "'cursor' is none that a list gave out")
                    .at("cursor")
                    .exception();
        }
    }

    /** How many rows to read: one more than asked for tells whether there is a next page. */
    public int rows() {
        return limit + 1;
    }
}
