package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key that acts for a user within bounds, as it stands now.
 *
 * @param address of secp256k1: 0x and 40 lower-case hexadecimal digits; of Ed25519: the base58 of
 *     the public key
 * @param removed whether no request of it is taken: it is removed, and then its address is never an
 *     agent's again, or its user is deactivated
 * @param filter what it is let near of what its scopes allow; null for all of it
 * @param networks where it may send from, in CIDR form; anywhere if there are none
 * @param expiresAtMillis from then on it is nobody's
 */
public record Agent(
        UserId user,
        String address,
        boolean removed,
        List<AgentScope> scopes,
        @Nullable AgentFilter filter,
        List<String> networks,
        long expiresAtMillis) {}
