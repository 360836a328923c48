package io.perpetua.accounts.app;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How often each user may have secrets used, in a minute. Counted by each instance alone, so that a
 * user of two instances has up to twice as much; of the users who have not come for longest the
 * count is forgotten.
 */
@ApplicationScoped
public class SecretBudgets {
    private static final int USERS_MOST = 50_000;

    private final Map<Use, Budget> budgets;

    /** From the configuration. */
    public SecretBudgets(AccountsConfig config) {
        this.budgets =
                Map.of(
                        Use.CREDENTIALS, new Budget(config.credentialsPerMinute()),
                        Use.SIGNATURES, new Budget(config.signaturesPerMinute()));
    }

    /** What is counted. */
    public enum Use {
        /** A private key is shown. */
        CREDENTIALS,
        /** A payload is signed. */
        SIGNATURES
    }

    /**
     * What became of a request.
     *
     * @param retrySeconds when it would be granted; 0 when it is
     * @param fullSeconds when the whole budget is there again
     */
    public record Spent(
            boolean isGranted, long limit, long remaining, long retrySeconds, long fullSeconds) {}

    /** Takes one from the user's budget, if it is there. */
    public Spent spend(Use use, UserId user) {
        Budget budget = budgets.get(use);
        if (budget == null) {
            throw new IllegalStateException("no budget for " + use);
        }
        return budget.spend(user);
    }

    private static final class Budget {
        private final int perMinute;
        private final Map<UserId, Bucket> buckets =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<UserId, Bucket> eldest) {
                        return size() > USERS_MOST;
                    }
                };

        Budget(int perMinute) {
            this.perMinute = perMinute;
        }

        Spent spend(UserId user) {
            ConsumptionProbe probe = bucket(user).tryConsumeAndReturnRemaining(1);
            return new Spent(
                    probe.isConsumed(),
                    perMinute,
                    probe.getRemainingTokens(),
                    seconds(probe.getNanosToWaitForRefill()),
                    seconds(probe.getNanosToWaitForReset()));
        }

        private Bucket bucket(UserId user) {
            synchronized (buckets) {
                return buckets.computeIfAbsent(user, of -> newBucket());
            }
        }

        private Bucket newBucket() {
            return Bucket.builder()
                    .addLimit(
                            limit ->
                                    limit.capacity(perMinute)
                                            .refillGreedy(perMinute, Duration.ofMinutes(1)))
                    .build();
        }

        private static long seconds(long nanos) {
            long second = TimeUnit.SECONDS.toNanos(1);
            return Math.ceilDiv(nanos, second);
        }
    }
}
