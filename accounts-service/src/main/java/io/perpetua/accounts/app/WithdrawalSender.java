package io.perpetua.accounts.app;

import io.perpetua.accounts.app.CancelWithdrawalHandler.CancelWithdrawal;
import io.perpetua.accounts.app.ConcludeWithdrawalHandler.ConcludeWithdrawal;
import io.perpetua.accounts.app.Custody.Answer;
import io.perpetua.accounts.app.Custody.Progress;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.withdrawal.WithdrawalState;
import io.perpetua.accounts.persistence.WithdrawalStore;
import io.perpetua.accounts.persistence.WithdrawalStore.WithdrawalRow;
import io.perpetua.edge.system.SystemEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Calls the custodian for every withdrawal in flight: orders those that are reserved, asks for
 * those that were sent and not heard of since. A withdrawal is taken for a while before the call,
 * so that one process at a time calls for it; one that dies or hangs is followed by another, with
 * the same key. Without an answer it calls again, ever more rarely. What its user has called off
 * comes back instead.
 */
@ApplicationScoped
public class WithdrawalSender {
    private static final Logger LOG = Logger.getLogger(WithdrawalSender.class);
    private static final int MOST_DOUBLINGS = 6;

    private final WithdrawalStore withdrawals;
    private final ConcludeWithdrawalHandler conclusions;
    private final CancelWithdrawalHandler cancels;
    private final Custody custody;
    private final ShardTransactions transactions;
    private final Clock clock;
    private final AccountsConfig config;
    private final SystemEvents events;
    private final Turns turns;

    /** With the custodian. */
    public WithdrawalSender(
            WithdrawalStore withdrawals,
            ConcludeWithdrawalHandler conclusions,
            CancelWithdrawalHandler cancels,
            Custody custody,
            ShardTransactions transactions,
            Clock clock,
            AccountsConfig config,
            SystemEvents events) {
        this.withdrawals = withdrawals;
        this.conclusions = conclusions;
        this.cancels = cancels;
        this.custody = custody;
        this.transactions = transactions;
        this.clock = clock;
        this.config = config;
        this.events = events;
        this.turns = new Turns("withdrawal-sender", config.withdrawals().callers());
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled() && config.simulatedCustody().enabled()) {
            turns.start(
                    events,
                    config.withdrawals().callers(),
                    config.withdrawals().pollMillis(),
                    this::callForOne);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        turns.close();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private boolean callForOne() {
        Duration lease = Duration.ofSeconds(config.withdrawals().callSeconds());
        Instant now = now();
        Optional<WithdrawalRow> due =
                transactions.call(tx -> withdrawals.takeDue(tx, now, now.plus(lease)));
        due.ifPresent(
                taken -> {
                    if (taken.cancelRequestedAt() != null) {
                        cancels.handle(
                                new CancelWithdrawal(taken.user(), taken.id(), AuditOrigin.NONE));
                    } else if (taken.state() == WithdrawalState.RESERVED) {
                        send(taken);
                    } else {
                        ask(taken);
                    }
                });
        return due.isPresent();
    }

    private void send(WithdrawalRow withdrawal) {
        Answer answer =
                custody.send(
                        new Custody.Transfer(
                                withdrawal.id(),
                                new Asset(withdrawal.asset()),
                                withdrawal.amount(),
                                withdrawal.address()));
        switch (answer) {
            case Answer.Accepted accepted -> sent(withdrawal, accepted.reference());
            case Answer.Declined declined ->
                    conclusions.handle(
                            new ConcludeWithdrawal(withdrawal.id(), null, declined.reason()));
            case Answer.Unanswered unanswered -> {
                LOG.warnf("withdrawal %s is to be sent again: %s", withdrawal.id(), unanswered);
                putOff(withdrawal);
            }
        }
    }

    private void sent(WithdrawalRow withdrawal, String reference) {
        Duration silence = Duration.ofSeconds(config.withdrawals().silenceSeconds());
        transactions.call(
                tx -> {
                    withdrawals.sent(tx, withdrawal.id(), reference, now(), silence);
                    return withdrawal;
                });
    }

    private void ask(WithdrawalRow withdrawal) {
        switch (custody.ask(withdrawal.id())) {
            case Progress.Arrived arrived ->
                    conclusions.handle(
                            new ConcludeWithdrawal(withdrawal.id(), arrived.reference(), null));
            case Progress.Failed failed ->
                    conclusions.handle(
                            new ConcludeWithdrawal(
                                    withdrawal.id(), failed.reference(), failed.reason()));
            case Progress.Open() -> putOff(withdrawal);
        }
    }

    private void putOff(WithdrawalRow due) {
        int doublings = Math.min(due.attempts() - 1, MOST_DOUBLINGS);
        Duration wait = Duration.ofMillis((long) config.withdrawals().retryMillis() << doublings);
        transactions.call(
                tx -> {
                    withdrawals.putOff(tx, due.id(), now().plus(wait));
                    return wait;
                });
    }
}
