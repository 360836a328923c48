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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Slows guessing down: an attempt is counted before it is looked at, under the name it claims and
 * under the address it comes from, whether or not there is such an administrator. So many guesses
 * at once count as many; one that has to wait counts as none. From where an administrator has
 * signed in of late, only what was tried for them from there counts, so that nobody elsewhere keeps
 * them out. Who proves to be an administrator takes back what counts against them; whatever others
 * have tried from the same address only time takes back.
 */
@ApplicationScoped
public class AdminAttempts {
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
        Instant now = now();
        return transactions.callNameless(tx -> count(tx, keys(tx, name, origin, now), now));
    }

    /** The same of somebody who names nobody yet. */
    Duration takeOfAddress(AuditOrigin origin) {
        return transactions.callNameless(tx -> count(tx, List.of(key(origin)), now()));
    }

    /** The same of somebody whose address was counted, and who has proven their name since. */
    Duration takeOfProven(AdminName name, AuditOrigin origin) {
        Instant now = now();
        return transactions.callNameless(
                tx -> {
                    store.takeBack(tx, key(origin), now);
                    return count(tx, keys(tx, name, origin, now), now);
                });
    }

    /**
     * Counts a guess of the operator's secret by an administrator who is signed in; nothing else
     * that they prove takes it back.
     */
    Duration takeOfOperator(AdminName name) {
        return transactions.callNameless(tx -> count(tx, List.of(operatorKey(name)), now()));
    }

    /** Keys are locked in the order given: the address before the name. */
    private Duration count(Connection transaction, List<String> keys, Instant now)
            throws SQLException {
        store.forgetOld(transaction, now);
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String key : keys) {
            Attempts attempts = store.hold(transaction, key, now);
            if (attempts.blockedUntil().isAfter(now)) {
                return Duration.between(now, attempts.blockedUntil());
            }
            Duration idle = Duration.between(attempts.lastAt(), now);
            counts.put(key, SignInBackOff.left(attempts.count(), idle) + 1);
        }
        for (Map.Entry<String, Integer> one : counts.entrySet()) {
            Instant until = now.plus(SignInBackOff.after(one.getValue()));
            store.write(transaction, one.getKey(), new Attempts(one.getValue(), until, now));
        }
        return Duration.ZERO;
    }

    private List<String> keys(
            Connection transaction, AdminName name, AuditOrigin origin, Instant now)
            throws SQLException {
        return store.isKnown(transaction, name, origin.address(), now)
                ? List.of(key(name, origin))
                : List.of(key(origin), key(name));
    }

    /** Takes an attempt back that was no guess. */
    void takeBack(Connection transaction, AdminName name, AuditOrigin origin) throws SQLException {
        Instant now = now();
        for (String key : keys(transaction, name, origin, now)) {
            store.takeBack(transaction, key, now);
        }
    }

    /** Forgets the attempts of somebody who has proven to be the administrator. */
    void forget(Connection transaction, AdminName name, AuditOrigin origin) throws SQLException {
        takeBack(transaction, name, origin);
        store.forget(transaction, key(name));
        store.forget(transaction, key(name, origin));
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

    /** Forgets the guesses of one who has shown the operator's secret. */
    void forgetOfOperator(Connection transaction, AdminName name) throws SQLException {
        store.forget(transaction, operatorKey(name));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static String key(AuditOrigin origin) {
        return "address:" + origin.address();
    }

    private static String key(AdminName name) {
        return "name:" + name;
    }

    private static String key(AdminName name, AuditOrigin origin) {
        return key(name) + "@" + origin.address();
    }

    private static String operatorKey(AdminName name) {
        return "operator:" + name;
    }
}
