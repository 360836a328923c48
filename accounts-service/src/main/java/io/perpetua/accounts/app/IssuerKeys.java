package io.perpetua.accounts.app;

import java.security.PublicKey;
import org.jspecify.annotations.Nullable;

/** The keys that an OpenID provider signs with, as it publishes them. */
public interface IssuerKeys {
    /**
     * The key of this id, if the provider publishes it for this algorithm of signatures (JWA).
     *
     * @throws io.perpetua.edge.ProblemException 503 when the provider can't be asked
     */
    @Nullable PublicKey key(String keyId, String algorithm);
}
