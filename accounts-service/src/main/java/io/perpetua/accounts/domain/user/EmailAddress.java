package io.perpetua.accounts.domain.user;

import java.util.regex.Pattern;

/**
 * An e-mail address as a user gave it; nobody has verified that it is theirs.
 *
 * @param value a dot-atom, an at sign and a domain of at least two labels, 254 characters at most
 */
public record EmailAddress(String value) {
    private static final int LONGEST = 254;
    private static final int LONGEST_LOCAL = 64;
    private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern FORM =
            Pattern.compile(
                    ATOM
                            + "(?:\\."
                            + ATOM
                            + ")*@"
                            + LABEL
                            + "(?:\\."
                            + LABEL
                            + ")*\\.[A-Za-z]{2,63}");

    /** Refuses any other text. */
    public EmailAddress {
        if (value.length() > LONGEST
                || value.indexOf('@') > LONGEST_LOCAL
                || !FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("an e-mail address reads name@example.org");
        }
    }

    /** Never shown where it is not meant to be. */
    @Override
    public String toString() {
        return "EmailAddress[]";
    }
}
