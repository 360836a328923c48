package io.perpetua.marketdata.api;

import java.util.regex.Pattern;

/** Why an administrator decides something, in their own words. */
final class Reasons {
    private static final int LONGEST = 500;
    private static final Pattern LINE = Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]+");

    private Reasons() {}

    static String parse(String text) {
        if (text.length() > LONGEST || text.isBlank() || !LINE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a reason has 1 to "
                            + LONGEST
                            + " printable characters, not all of them blank");
        }
        return text;
    }
}
