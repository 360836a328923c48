package io.perpetua.edge;

import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks access tokens. A check of a signature costs 0.4 ms, so a token that passed is remembered
 * by its SHA-256 until it expires, and held against the sign-ins that ended before their time. Both
 * memories are bounded.
 */
@Singleton
public class AccessTokens {
    private static final int MAX_REMEMBERED = 50_000;
    private static final int MAX_REVOKED = 100_000;

    private final TokenKeys keys;
    private final Clock clock;
    private final Map<String, Verified> verified = new ConcurrentHashMap<>();
    private final Map<String, Revoked> revoked = new ConcurrentHashMap<>();
    private volatile long refusedUntilSeconds = Long.MIN_VALUE;

    /** With the keys of accounts-service. */
    public AccessTokens(TokenKeys keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** Either the user, or why the token is refused. */
    sealed interface Check {
        /** The token is the user's, of the sign-in. */
        record Passed(UserId user, String signIn) implements Check {}

        /** The token gives no access. */
        record Refused(TokenRefusal refusal) implements Check {}
    }

    private record Verified(
            UserId user, String signIn, long issuedAtSeconds, long expiresAtSeconds) {}

    private record Revoked(long atSeconds, long untilSeconds) {}

    /** The answer if the token was checked before, else null. Never waits. */
    @Nullable Check remembered(String token) {
        Verified known = verified.get(hash(token));
        return known == null ? null : current(known);
    }

    /**
     * Checks the token; may wait for accounts-service when it names a key not seen yet.
     *
     * @throws ProblemException when accounts-service can't be asked
     */
    Check check(String token) {
        String hash = hash(token);
        Verified known = verified.get(hash);
        if (known != null) {
            return current(known);
        }
        AccessToken parsed;
        try {
            parsed = AccessToken.parse(token);
        } catch (IllegalArgumentException malformed) {
            return new Check.Refused(TokenRefusal.TOKEN_INVALID);
        }
        ECPublicKey key = keys.key(parsed.keyId());
        if (key == null || !parsed.isSignedBy(key) || !parsed.issuer().equals(AccessToken.ISSUER)) {
            return new Check.Refused(TokenRefusal.TOKEN_INVALID);
        }
        Verified fresh =
                new Verified(
                        parsed.user(),
                        parsed.signIn(),
                        parsed.issuedAtSeconds(),
                        parsed.expiresAtSeconds());
        Check check = current(fresh);
        if (check instanceof Check.Passed) {
            remember(hash, fresh);
        }
        return check;
    }

    /**
     * Refuses the tokens of a sign-in that has ended, from now on. When there are more of those
     * than can be kept, it forgets which they were and refuses every token that was issued before
     * the last of them ended, as expired: their holders refresh them, and nobody who signed out is
     * let in.
     */
    public synchronized void revoke(SignInRevoked revocation) {
        long until = Math.ceilDiv(revocation.untilMillis(), 1000L);
        if (until <= seconds()) {
            return;
        }
        if (revoked.size() >= MAX_REVOKED) {
            long now = seconds();
            revoked.values().removeIf(ended -> ended.untilSeconds <= now);
        }
        if (revoked.size() >= MAX_REVOKED) {
            refusedUntilSeconds =
                    revoked.values().stream()
                            .mapToLong(Revoked::atSeconds)
                            .reduce(refusedUntilSeconds, Math::max);
            revoked.clear();
        }
        long at = Math.floorDiv(revocation.atMillis(), 1000L);
        revoked.put(revocation.signIn(), new Revoked(at, until));
    }

    private Check current(Verified known) {
        if (known.expiresAtSeconds <= seconds()) {
            return new Check.Refused(TokenRefusal.TOKEN_EXPIRED);
        }
        if (revoked.containsKey(known.signIn)) {
            return new Check.Refused(TokenRefusal.TOKEN_REVOKED);
        }
        if (known.issuedAtSeconds <= refusedUntilSeconds) {
            return new Check.Refused(TokenRefusal.TOKEN_EXPIRED);
        }
        return new Check.Passed(known.user, known.signIn);
    }

    private void remember(String hash, Verified fresh) {
        if (verified.size() >= MAX_REMEMBERED) {
            long now = seconds();
            verified.values().removeIf(known -> known.expiresAtSeconds <= now);
        }
        if (verified.size() >= MAX_REMEMBERED) {
            verified.clear();
        }
        verified.put(hash, fresh);
    }

    private long seconds() {
        return Math.floorDiv(clock.millis(), 1000L);
    }

    private static String hash(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
