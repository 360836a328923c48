package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.SignInBackOff;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminAttemptStore;
import io.perpetua.accounts.persistence.AdminAttemptStore.Attempts;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Slows guessing down: an attempt is counted before it is looked at, under the name it claims and
 * under the address it comes from, whether or not there is such an administrator. So many guesses
 * at once count as many.
 */
@ApplicationScoped
public class AdminAttempts {
    private static final int MOST_COUNTED = 1_000;

    private final AdminAttemptStore store;
    private final AdminTransactions transactions;
    private final Clock clock;

    /** With where it counts. */
    public AdminAttempts(AdminAttemptStore store, AdminTransactions transactions, Clock clock) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Counts an attempt. @return how long it has to wait; zero when it may be looked at */
    Duration take(AdminName name, AuditOrigin origin) {
        return take(keys(name, origin));
    }

    /** The same of somebody who names nobody yet. */
    Duration takeOfAddress(AuditOrigin origin) {
        return take(List.of(key(origin)));
    }

    /** The same of somebody whose address was counted. */
    Duration takeOfName(AdminName name) {
        return take(List.of(key(name)));
    }

    private Duration take(List<String> keys) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return transactions.callNameless(
                tx -> {
                    store.forgetOld(tx, now);
                    for (String key : keys) {
                        Attempts before = store.hold(tx, key, now);
                        if (before.blockedUntil().isAfter(now)) {
                            return Duration.between(now, before.blockedUntil());
                        }
                        int count = Math.min(before.count() + 1, MOST_COUNTED);
                        Instant until = now.plus(SignInBackOff.after(count));
                        store.write(tx, key, new Attempts(count, until), now);
                    }
                    return Duration.ZERO;
                });
    }

    /** Forgets the attempts of somebody who has proven to be the administrator. */
    void forget(Connection transaction, AdminName name, AuditOrigin origin) throws SQLException {
        for (String key : keys(name, origin)) {
            store.forget(transaction, key);
        }
    }

    /** In the order in which they are locked. */
    private static List<String> keys(AdminName name, AuditOrigin origin) {
        return List.of(key(origin), key(name));
    }

    private static String key(AuditOrigin origin) {
        return "address:" + origin.address();
    }

    private static String key(AdminName name) {
        return "name:" + name;
    }
}
