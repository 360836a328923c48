package io.perpetua.accounts.domain.user;

import java.util.regex.Pattern;

/**
 * What a user wants to be called; no two have one that differs in case alone.
 *
 * @param value 3 to 32 letters, digits and {@code ._-}, the first a letter
 */
public record Username(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{2,31}");

    /** Refuses any other text. */
    public Username {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a username has 3 to 32 letters, digits and ._-, the first a letter");
        }
    }

    /** Never shown where it is not meant to be. */
    @Override
    public String toString() {
        return "Username[]";
    }
}
