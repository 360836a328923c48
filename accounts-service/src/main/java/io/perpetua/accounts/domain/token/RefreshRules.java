package io.perpetua.accounts.domain.token;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a refresh token is good.
 *
 * @param idle how long a sign-in lives without being refreshed
 * @param life how long it lives at most
 * @param repeat how long after its use a token may be repeated, by a client that got no answer
 */
public record RefreshRules(Duration idle, Duration life, Duration repeat) {
    /**
     * A sign-in as it stands.
     *
     * @param generation of its newest refresh token
     * @param hash of that token
     * @param previousHash of the one before it; null when there was none
     * @param refreshedAt when the newest was first given out
     * @param expiresAt when the sign-in is over, however often it is refreshed
     */
    public record State(
            long generation,
            String hash,
            @Nullable String previousHash,
            Instant refreshedAt,
            Instant expiresAt) {}

    /** Of a sign-in, by the rules: whether it is over. */
    public boolean isOver(State state, Instant now) {
        return !now.isBefore(state.expiresAt()) || !now.isBefore(state.refreshedAt().plus(idle));
    }

    /**
     * What a token of the sign-in is answered with. That the newest token came into use shows by
     * its being used up: then the one before it is two generations old and no longer repeated.
     */
    public RefreshDecision decide(State state, RefreshToken token, Instant now) {
        if (isOver(state, now)) {
            return RefreshDecision.EXPIRED;
        }
        String hash = RefreshTokens.hashOf(token);
        if (token.generation() == state.generation() && hash.equals(state.hash())) {
            return RefreshDecision.ROTATE;
        }
        boolean isPrevious =
                token.generation() == state.generation() - 1 && hash.equals(state.previousHash());
        if (isPrevious && now.isBefore(state.refreshedAt().plus(repeat))) {
            return RefreshDecision.REPEAT;
        }
        return RefreshDecision.REUSED;
    }
}
