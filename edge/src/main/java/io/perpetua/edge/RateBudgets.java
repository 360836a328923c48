package io.perpetua.edge;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.value.UserId;
import io.quarkus.runtime.Startup;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of users, their agents and client addresses, of which every request takes one. They
 * are this process's own: no request waits for another process, and N replicas let at most N times
 * a budget pass. What a restart or the bound on memory forgets is full again.
 */
@Startup
@Singleton
public class RateBudgets {
    /** An agent has this part of its user's budgets, so that no agent spends them alone. */
    private static final int AGENT_PART = 2;

    private enum Verdict {
        ALLOWED,
        AGENT_SPENT,
        USER_SPENT,
        ADDRESS_SPENT
    }

    /** What a class allows, and how often it did. */
    private record Limits(
            RatePolicy agent,
            RatePolicy user,
            RatePolicy address,
            String policyOfBoth,
            Map<Verdict, Counter> verdicts) {}

    /**
     * What became of one request.
     *
     * @param retryAfterSeconds 0 when it may pass
     */
    public record Charge(boolean passed, long retryAfterSeconds, String policy, String limit) {
        /** The answer to a request that may not pass. */
        public Problem problem(RateClass rateClass) {
            return Problem.of(
                    429,
                    "RATE_LIMITED",
                    "the budget of "
                            + rateClass.label()
                            + " requests is spent ("
                            + policy
                            + "); repeat the request in "
                            + retryAfterSeconds
                            + " s");
        }
    }

    private final TimeMeter time;
    private final Buckets agents;
    private final Buckets users;
    private final Buckets addresses;
    private final Map<RateClass, Limits> limits = new EnumMap<>(RateClass.class);

    /** On the process's own clock. */
    @Inject
    public RateBudgets(BudgetsConfig config, MeterRegistry metrics) {
        this(config, metrics, TimeMeter.SYSTEM_NANOTIME);
    }

    RateBudgets(BudgetsConfig config, MeterRegistry metrics, TimeMeter time) {
        this.time = time;
        this.agents = new Buckets(config.agentsMax());
        this.users = new Buckets(config.usersMax());
        this.addresses = new Buckets(config.addressesMax());
        for (RateClass rateClass : RateClass.values()) {
            limits.put(rateClass, limits(rateClass, config, metrics));
        }
    }

    private static Limits limits(RateClass rateClass, BudgetsConfig config, MeterRegistry metrics) {
        BudgetsConfig.Budget budget = budget(rateClass, config);
        RatePolicy agent =
                new RatePolicy(
                        rateClass.label() + "-agent",
                        Math.max(1, burst(budget.userBurst(), config) / AGENT_PART),
                        Math.max(1, (long) budget.userPerSecond() * config.percent() / AGENT_PART));
        RatePolicy user =
                new RatePolicy(
                        rateClass.label() + "-user",
                        burst(budget.userBurst(), config),
                        (long) budget.userPerSecond() * config.percent());
        RatePolicy address =
                new RatePolicy(
                        rateClass.label() + "-address",
                        burst(budget.addressBurst(), config),
                        (long) budget.addressPerSecond() * config.percent());
        Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            verdicts.put(
                    verdict,
                    metrics.counter(
                            "perpetua.budget.checks",
                            "class",
                            rateClass.name(),
                            "outcome",
                            verdict.name()));
        }
        return new Limits(
                agent, user, address, user.policyItem() + ", " + address.policyItem(), verdicts);
    }

    private static BudgetsConfig.Budget budget(RateClass rateClass, BudgetsConfig config) {
        return switch (rateClass) {
            case ORDER_ENTRY -> config.orderEntry();
            case CANCEL -> config.cancel();
            case WRITE -> config.write();
            case READ -> config.read();
            case SECRET -> config.secret();
            case SIGN_IN -> config.signIn();
        };
    }

    /** Of a burst at least one is left, or nothing could ever pass. */
    private static long burst(int requests, BudgetsConfig config) {
        return requests <= 0 ? requests : Math.max(1, (long) requests * config.percent() / 100);
    }

    /**
     * Takes from the user's and their agent's, as far as they are known, and from the address's; of
     * all or of none.
     *
     * @param agent what names the agent's budgets; null when none sends the request
     * @param times how many to take; at most what a full budget has
     */
    Charge charge(
            RateClass rateClass,
            @Nullable UserId user,
            @Nullable Long agent,
            long address,
            int times) {
        if (agent == null) {
            return charge(rateClass, user, address, times);
        }
        Limits of = limits(rateClass);
        Bucket ofAgent = agentBucket(rateClass, agent, of);
        long ofAgents = Math.min(times, of.agent.burst());
        ConsumptionProbe taken = ofAgent.tryConsumeAndReturnRemaining(ofAgents);
        if (!taken.isConsumed()) {
            return refusal(of, Verdict.AGENT_SPENT, of.agent, taken);
        }
        Charge others = charge(rateClass, user, address, times);
        if (!others.passed()) {
            ofAgent.addTokens(ofAgents);
            return others;
        }
        return new Charge(
                true,
                0,
                of.agent.policyItem() + ", " + others.policy(),
                of.agent.limitItem(taken.getRemainingTokens()) + ", " + others.limit());
    }

    /** Takes one of the user's, if somebody is known, and one of the address's; both or none. */
    public Charge charge(RateClass rateClass, @Nullable UserId user, long address) {
        return charge(rateClass, user, address, 1);
    }

    private Charge charge(RateClass rateClass, @Nullable UserId user, long address, int times) {
        Limits of = limits(rateClass);
        Bucket ofUser = user == null ? null : userBucket(rateClass, user, of);
        long ofUsers = Math.min(times, of.user.burst());
        ConsumptionProbe first =
                ofUser == null ? null : ofUser.tryConsumeAndReturnRemaining(ofUsers);
        if (first != null && !first.isConsumed()) {
            return refusal(of, Verdict.USER_SPENT, of.user, first);
        }
        ConsumptionProbe second =
                addressBucket(rateClass, address, of)
                        .tryConsumeAndReturnRemaining(Math.min(times, of.address.burst()));
        if (!second.isConsumed()) {
            if (ofUser != null) {
                ofUser.addTokens(ofUsers);
            }
            return refusal(of, Verdict.ADDRESS_SPENT, of.address, second);
        }
        count(of, Verdict.ALLOWED);
        String left = of.address.limitItem(second.getRemainingTokens());
        return first == null
                ? new Charge(true, 0, of.address.policyItem(), left)
                : new Charge(
                        true,
                        0,
                        of.policyOfBoth,
                        of.user.limitItem(first.getRemainingTokens()) + ", " + left);
    }

    /** Whether a charge would be refused now; takes nothing. */
    boolean isSpent(
            RateClass rateClass, @Nullable UserId user, @Nullable Long agent, long address) {
        Limits of = limits(rateClass);
        return (agent != null && agentBucket(rateClass, agent, of).getAvailableTokens() < 1)
                || (user != null && userBucket(rateClass, user, of).getAvailableTokens() < 1)
                || addressBucket(rateClass, address, of).getAvailableTokens() < 1;
    }

    private static Charge refusal(
            Limits of, Verdict verdict, RatePolicy spent, ConsumptionProbe probe) {
        count(of, verdict);
        long seconds =
                Math.max(
                        1,
                        Math.ceilDiv(probe.getNanosToWaitForRefill(), TimeUnit.SECONDS.toNanos(1)));
        return new Charge(false, seconds, spent.policyItem(), spent.limitItem(0, seconds));
    }

    private static void count(Limits of, Verdict verdict) {
        Objects.requireNonNull(of.verdicts.get(verdict)).increment();
    }

    private Limits limits(RateClass rateClass) {
        return Objects.requireNonNull(limits.get(rateClass));
    }

    private Bucket agentBucket(RateClass rateClass, long agent, Limits of) {
        return agents.of(rateClass, agent, () -> of.agent.bucket(time));
    }

    private Bucket userBucket(RateClass rateClass, UserId user, Limits of) {
        return users.of(rateClass, user.value(), () -> of.user.bucket(time));
    }

    private Bucket addressBucket(RateClass rateClass, long address, Limits of) {
        return addresses.of(rateClass, address, () -> of.address.bucket(time));
    }

    /** How many budgets are remembered. */
    int remembered() {
        return agents.size() + users.size() + addresses.size();
    }
}
