package io.perpetua.marketdata.api;

/** Why an administrator decides something, in their own words. */
final class Reasons {
    private static final int LONGEST = 500;

    private Reasons() {}

    static String parse(String text) {
        if (text.isBlank() || text.length() > LONGEST) {
            throw new IllegalArgumentException("a reason has 1 to " + LONGEST + " characters");
        }
        return text;
    }
}
