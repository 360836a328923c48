package io.perpetua.accounts.domain.admin;

import java.util.regex.Pattern;

/**
 * What an administrator signs in as.
 *
 * @param value 3 to 32 lower-case letters, digits and {@code ._-}, the first a letter
 */
public record AdminName(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9._-]{2,31}");

    /** Refuses any other text. */
    public AdminName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a user name has 3 to 32 lower-case letters, digits and ._-, the first a"
                            + " letter");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
