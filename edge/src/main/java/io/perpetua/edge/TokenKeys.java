package io.perpetua.edge;

import java.security.interfaces.ECPublicKey;
import org.jspecify.annotations.Nullable;

/** The public keys that access tokens are signed with. */
public interface TokenKeys {
    /**
     * The key named {@code keyId}, or null when accounts-service knows none of that name. May wait
     * for accounts-service.
     *
     * @throws ProblemException when accounts-service can't be asked
     */
    @Nullable ECPublicKey key(String keyId);

    /** Whether {@link #key} can answer at once. */
    boolean knows(String keyId);
}
