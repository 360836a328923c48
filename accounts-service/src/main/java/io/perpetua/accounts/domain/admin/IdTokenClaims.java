package io.perpetua.accounts.domain.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an ID token says whose signature is its issuer's (OpenID Connect Core, section 2); times in
 * seconds since 1970.
 *
 * @param authorizedParty to whom it was issued; null when it does not say
 * @param notBefore null when it does not say
 */
public record IdTokenClaims(
        String issuer,
        List<String> audience,
        @Nullable String authorizedParty,
        String subject,
        String nonce,
        long issuedAt,
        long expiresAt,
        @Nullable Long notBefore) {
    /** Keeps its audience as it is. */
    public IdTokenClaims {
        audience = List.copyOf(audience);
    }
}
