package io.perpetua.accounts.domain.admin;

import java.net.URI;
import java.util.regex.Pattern;

/**
 * Who an administrator is to an OpenID provider: the pair that stays theirs, whatever else it says
 * of them.
 *
 * @param issuer as the provider names itself, to the letter
 * @param subject its own name for them, never given to anybody else
 */
public record ExternalIdentity(URI issuer, String subject) {
    private static final Pattern SUBJECT = Pattern.compile("[!-~]{1,255}");
    private static final int LONGEST_ISSUER = 255;

    /** Refuses what no provider says. */
    public ExternalIdentity {
        if (issuer.toString().length() > LONGEST_ISSUER || !issuer.isAbsolute()) {
            throw new IllegalArgumentException("an issuer is a URI of up to 255 characters");
        }
        if (!SUBJECT.matcher(subject).matches()) {
            throw new IllegalArgumentException("a subject has 1 to 255 printable ASCII characters");
        }
    }
}
