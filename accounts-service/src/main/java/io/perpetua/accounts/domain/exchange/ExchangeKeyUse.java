package io.perpetua.accounts.domain.exchange;

import java.util.Optional;
import java.util.Set;

/** Decides whether a key of another exchange may be used for something. */
public final class ExchangeKeyUse {
    private ExchangeKeyUse() {}

    /** The first rule that is broken; nothing when it may be used. */
    public static Optional<ExchangeKeyRefusal> decide(
            boolean isActive, Set<ExchangeKeyScope> scopes, ExchangeKeyScope purpose) {
        if (!isActive) {
            return Optional.of(ExchangeKeyRefusal.KEY_INACTIVE);
        }
        return scopes.contains(purpose)
                ? Optional.empty()
                : Optional.of(ExchangeKeyRefusal.PURPOSE_OUT_OF_SCOPE);
    }
}
