package io.perpetua.accounts.domain.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which ID tokens of an issuer sign administrators in (OpenID Connect Core, section 3.1.3.7);
 * whether its nonce is one of ours and was not used is asked of who keeps them.
 *
 * @param issuer as the provider names itself
 * @param clientId what this platform is to it
 */
public record IdTokenRules(String issuer, String clientId) {
    /** How far the issuer's clock may be from ours. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** How long after it was issued a token is taken, however long it is valid. */
    static final Duration LONGEST = Duration.ofMinutes(10);

    /** Why a token is not taken, in order of precedence; asking for another one may help. */
    public enum Refusal {
        /** Another issuer's. */
        ISSUER_MISMATCH,
        /** For somebody else. */
        AUDIENCE_MISMATCH,
        /** For several, and issued to another of them. */
        PARTY_MISMATCH,
        /** Its time is over. */
        EXPIRED,
        /** Its time has not come: a clock is wrong. */
        NOT_YET_VALID,
        /** It names nobody. */
        SUBJECT_MISSING
    }

    /** The first rule that is broken; nothing when the token is taken. */
    public Optional<Refusal> refusal(IdTokenClaims claims, Instant now) {
        long seconds = now.getEpochSecond();
        long skew = CLOCK_SKEW.toSeconds();
        String party = claims.authorizedParty();
        Long notBefore = claims.notBefore();
        if (!claims.issuer().equals(issuer)) {
            return Optional.of(Refusal.ISSUER_MISMATCH);
        }
        if (!claims.audience().contains(clientId)) {
            return Optional.of(Refusal.AUDIENCE_MISMATCH);
        }
        if (party == null ? claims.audience().size() > 1 : !party.equals(clientId)) {
            return Optional.of(Refusal.PARTY_MISMATCH);
        }
        if (claims.expiresAt() <= seconds - skew
                || claims.issuedAt() <= seconds - LONGEST.toSeconds()) {
            return Optional.of(Refusal.EXPIRED);
        }
        if (claims.issuedAt() > seconds + skew
                || (notBefore != null && notBefore > seconds + skew)) {
            return Optional.of(Refusal.NOT_YET_VALID);
        }
        return claims.subject().isEmpty() ? Optional.of(Refusal.SUBJECT_MISSING) : Optional.empty();
    }
}
