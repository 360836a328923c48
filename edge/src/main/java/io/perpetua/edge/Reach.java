package io.perpetua.edge;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import org.jspecify.annotations.Nullable;

/**
 * How far a request reaches into its user's affairs: all of it, unless an agent with a filter sends
 * it. Taken from {@link Caller}, it outlives the request's own thread.
 *
 * @param nonce what makes the commands of an agent's request unrepeatable; null of a user's
 */
public record Reach(@Nullable AgentFilter filter, AgentAction action, @Nullable AgentNonce nonce) {
    /** Of a user's own request. */
    public static final Reach EVERYTHING = new Reach(null, AgentAction.READ, null);

    /**
     * Of one command of a request that sends several. Each takes a nonce: the first the request's
     * own, each further one the next number.
     */
    public Reach part(int index) {
        return nonce == null || index == 0
                ? this
                : new Reach(
                        filter,
                        action,
                        new AgentNonce(nonce.agent(), nonce.value() + index, nonce.contentHash()));
    }

    /** Whether the request may concern this subaccount and market, as far as it concerns any. */
    public boolean permits(@Nullable SubaccountId subaccount, @Nullable MarketId market) {
        return filter == null || filter.permits(action, subaccount, market);
    }
}
