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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows guessing down: an attempt is counted before it is looked at, under the name it claims and
 * under the address it comes from, whether or not there is such an administrator. So many guesses
 * at once count as many; one that has to wait counts as none. From where an administrator has
 * signed in of late, only what was tried from there counts, so that nobody elsewhere keeps them
 * out.
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
        return take(List.of(key(origin)), name, origin);
    }

    /** The same of somebody who names nobody yet. */
    Duration takeOfAddress(AuditOrigin origin) {
        return take(List.of(key(origin)), null, origin);
    }

    /** The same of somebody whose address was counted. */
    Duration takeOfName(AdminName name, AuditOrigin origin) {
        return take(List.of(), name, origin);
    }

    /** Keys are locked in one order: the address before the name. */
    private Duration take(List<String> first, @Nullable AdminName name, AuditOrigin origin) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return transactions.callNameless(
                tx -> {
                    store.forgetOld(tx, now);
                    List<String> keys = new ArrayList<>(first);
                    if (name != null && !store.isKnown(tx, name, origin.address(), now)) {
                        keys.add(key(name));
                    }
                    Map<String, Attempts> before = new LinkedHashMap<>();
                    for (String key : keys) {
                        Attempts attempts = store.hold(tx, key, now);
                        if (attempts.blockedUntil().isAfter(now)) {
                            return Duration.between(now, attempts.blockedUntil());
                        }
                        before.put(key, attempts);
                    }
                    for (Map.Entry<String, Attempts> one : before.entrySet()) {
                        int count = Math.min(one.getValue().count() + 1, MOST_COUNTED);
                        Instant until = now.plus(SignInBackOff.after(count));
                        store.write(tx, one.getKey(), new Attempts(count, until), now);
                    }
                    return Duration.ZERO;
                });
    }

    /** Forgets the attempts of somebody who has proven to be the administrator. */
    void forget(Connection transaction, AdminName name, AuditOrigin origin) throws SQLException {
        store.forget(transaction, key(origin));
        store.forget(transaction, key(name));
    }

    /** The same of one who has signed in; they are known where they came from. */
    void signedIn(Connection transaction, AdminName name, AuditOrigin origin, Instant at)
            throws SQLException {
        forget(transaction, name, origin);
        String address = origin.address();
        if (address != null) {
            store.know(transaction, name, address, at);
        }
    }

    private static String key(AuditOrigin origin) {
        return "address:" + origin.address();
    }

    private static String key(AdminName name) {
        return "name:" + name;
    }
}
