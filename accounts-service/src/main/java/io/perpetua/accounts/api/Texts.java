package io.perpetua.accounts.api;

import java.util.regex.Pattern;

/** Texts in requests: bounded, and made of what can be shown. */
final class Texts {
    /** What a reference of somebody else's is made of. */
    static final String REFERENCE_PATTERN = "^[A-Za-z0-9._:/+=-]{1,128}$";

    private static final Pattern REFERENCE = Pattern.compile(REFERENCE_PATTERN);
    private static final Pattern LINE = Pattern.compile("[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]+");
    private static final Pattern WORD = Pattern.compile("[!-~]+");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}");

    private Texts() {}

    /**
     * A line that people read: not blank, in any script. @throws IllegalArgumentException if not
     */
    static String line(String text, int most) {
        if (text.length() > most || !LINE.matcher(text).matches() || text.isBlank()) {
            throw new IllegalArgumentException(
                    "expected 1 to " + most + " printable characters, not all of them blank");
        }
        return text;
    }

    /** Printable ASCII without blanks. @throws IllegalArgumentException if not */
    static String word(String text, int most) {
        if (text.length() > most || !WORD.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "expected 1 to " + most + " printable ASCII characters without blanks");
        }
        return text;
    }

    /** A reference. @throws IllegalArgumentException if not */
    static String reference(String text) {
        if (!REFERENCE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a reference has 1 to 128 letters, digits and ._:/+=-");
        }
        return text;
    }

    /** A whole number below 10^15. @throws IllegalArgumentException if not */
    static long number(String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException("expected a number of 1 to 15 digits");
        }
        return Long.parseLong(text);
    }
}
