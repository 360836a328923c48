package io.perpetua.edge;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/**
 * Who sends the request, as their access token or their agent's signature says; to be injected into
 * resources.
 */
@RequestScoped
public class Caller {
    private @Nullable UserId user;
    private @Nullable String signIn;
    private Agents.@Nullable Known agent;
    private @Nullable String signedDigest;
    private Reach reach = Reach.EVERYTHING;

    /**
     * The caller; for an agent, the user it acts for.
     *
     * @throws ProblemException when the endpoint is open to all and the request bears no token
     */
    public UserId user() {
        UserId known = user;
        if (known == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        return known;
    }

    /** The caller, or null when the request bears no token. */
    @Nullable UserId known() {
        return user;
    }

    /**
     * The sign-in that the access token belongs to.
     *
     * @throws ProblemException when the request bears no token; then the endpoint is open to all,
     *     or to agents
     */
    public String signIn() {
        String known = signIn;
        if (known == null) {
            throw TokenRefusal.TOKEN_MISSING.problem().exception();
        }
        return known;
    }

    /** How far this request reaches, for what goes on in another thread. */
    public Reach reach() {
        return reach;
    }

    /** The nonce that the commands of this request carry, if an agent sends it. */
    public @Nullable AgentNonce nonce() {
        return reach.nonce();
    }

    /** What an agent that calls is let near; null for all of it, as for a user. */
    public @Nullable AgentFilter filter() {
        return reach.filter();
    }

    /** Whether this request may concern this subaccount and market, as far as it concerns any. */
    public boolean mayActOn(@Nullable SubaccountId subaccount, @Nullable MarketId market) {
        return reach.permits(subaccount, market);
    }

    /**
     * Goes on only if this request may concern this subaccount and market.
     *
     * @throws ProblemException when an agent's filter does not let it
     */
    public void actOn(@Nullable SubaccountId subaccount, @Nullable MarketId market) {
        if (!mayActOn(subaccount, market)) {
            throw AgentRefusal.AGENT_FILTERED.problem().exception();
        }
    }

    /** What names the agent's budgets, if one calls. */
    @Nullable Long agentBudget() {
        return agent == null ? null : agent.budget();
    }

    /** The digest of the body that an agent signed; null when no agent calls. */
    @Nullable String signedDigest() {
        return signedDigest;
    }

    void identify(AccessTokens.Check.Passed passed) {
        user = passed.user();
        signIn = passed.signIn();
    }

    void identify(Agents.Known known, AgentRequest request, AgentAction wanted) {
        user = known.user();
        agent = known;
        signedDigest = request.digest();
        reach = new Reach(known.filter(), wanted, request.agentNonce());
    }
}
