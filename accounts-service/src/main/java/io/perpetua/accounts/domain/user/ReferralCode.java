package io.perpetua.accounts.domain.user;

import java.util.regex.Pattern;

/**
 * By what a user names the one who brought them.
 *
 * @param value ten digits and upper-case letters
 */
public record ReferralCode(String value) {
    /** How many random bytes a new one takes. */
    public static final int RANDOM_BYTES = 10;

    private static final Pattern FORM = Pattern.compile("[0-9A-Z]{10}");

    /** Without those that are taken for one another. */
    private static final String ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /** Refuses any other text. */
    public ReferralCode {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a referral code has 10 digits and upper-case letters");
        }
    }

    /** A new one, out of random bytes: 50 bits. */
    public static ReferralCode of(byte[] random) {
        StringBuilder code = new StringBuilder(RANDOM_BYTES);
        for (int i = 0; i < RANDOM_BYTES; i++) {
            code.append(ALPHABET.charAt(random[i] & (ALPHABET.length() - 1)));
        }
        return new ReferralCode(code.toString());
    }
}
