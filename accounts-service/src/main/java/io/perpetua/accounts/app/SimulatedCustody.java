package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.SimulatedCustodyStore;
import io.perpetua.accounts.persistence.SimulatedCustodyStore.Outcome;
import io.perpetua.accounts.persistence.SimulatedCustodyStore.TransferRow;
import io.perpetua.contracts.value.WithdrawalId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * A custodian that sends nothing, and keeps its books in the database, so that it remembers what it
 * was told when its process is killed. It can be made slow and unreliable in every way a real one
 * can be; it never forgets a key.
 */
@ApplicationScoped
public class SimulatedCustody implements Custody {
    private static final Logger LOG = Logger.getLogger(SimulatedCustody.class);
    private static final int ALL = 100;

    private final SimulatedCustodyStore store;
    private final ShardTransactions transactions;
    private final Clock clock;
    private volatile Behaviour behaviour;
    private volatile Random luck;

    /**
     * How it behaves.
     *
     * @param notices how often each end of a transfer is told
     * @param seed of its luck, which the log tells of, so that a failure can be had again
     */
    public record Behaviour(
            int answerMillis,
            int transferMillis,
            int unreachablePercent,
            int lostAnswerPercent,
            int declinedPercent,
            int failedPercent,
            int notices,
            long seed) {
        /** As configured. */
        static Behaviour of(SimulatedCustodyConfig config) {
            return new Behaviour(
                    config.answerMillis(),
                    config.transferMillis(),
                    config.unreachablePercent(),
                    config.lostAnswerPercent(),
                    config.declinedPercent(),
                    config.failedPercent(),
                    config.notices(),
                    config.seed());
        }
    }

    /** With its books. */
    public SimulatedCustody(
            SimulatedCustodyStore store,
            ShardTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.store = store;
        this.transactions = transactions;
        this.clock = clock;
        this.behaviour = Behaviour.of(config.simulatedCustody());
        this.luck = new Random(behaviour.seed());
    }

    /** Behaves differently from now on. */
    public void behave(Behaviour next) {
        LOG.infof("from now on: %s", next);
        luck = new Random(next.seed());
        behaviour = next;
    }

    @Override
    public Answer send(Transfer transfer) {
        Behaviour now = behaviour;
        LockSupport.parkNanos(now.answerMillis() * 1_000_000L);
        if (happens(now.unreachablePercent())) {
            return new Answer.Unanswered("the custodian is not reached (simulated)");
        }
        TransferRow booked = transactions.call(tx -> store.book(tx, row(transfer, now), notices()));
        if (happens(now.lostAnswerPercent())) {
            return new Answer.Unanswered("the custodian's answer is lost (simulated)");
        }
        if (!isOf(booked, transfer)) {
            return new Answer.Declined("the key stands for another transfer");
        }
        return booked.outcome() == Outcome.DECLINED
                ? new Answer.Declined("declined (simulated)")
                : new Answer.Accepted(referenceOf(booked.key()));
    }

    private int notices() {
        return behaviour.notices();
    }

    private TransferRow row(Transfer transfer, Behaviour now) {
        Outcome outcome =
                happens(now.declinedPercent())
                        ? Outcome.DECLINED
                        : happens(now.failedPercent()) ? Outcome.FAILED : Outcome.CONFIRMED;
        Instant concludesAt =
                clock.instant().plusMillis(now.transferMillis()).truncatedTo(ChronoUnit.MILLIS);
        return new TransferRow(
                transfer.key(),
                transfer.asset().code(),
                transfer.amount(),
                transfer.to(),
                outcome,
                concludesAt);
    }

    private static boolean isOf(TransferRow booked, Transfer transfer) {
        return booked.asset().equals(transfer.asset().code())
                && booked.amount().equals(transfer.amount())
                && booked.address().equals(transfer.to());
    }

    @Override
    public Progress ask(WithdrawalId key) {
        Optional<TransferRow> booked = transactions.call(tx -> store.find(tx, key));
        if (booked.isEmpty() || booked.get().concludesAt().isAfter(clock.instant())) {
            return new Progress.Open();
        }
        String reference = referenceOf(key);
        return switch (booked.get().outcome()) {
            case CONFIRMED -> new Progress.Arrived(reference);
            case FAILED -> new Progress.Failed(reference, "failed (simulated)");
            case DECLINED -> new Progress.Failed(reference, "declined (simulated)");
        };
    }

    /** What it calls a transfer. */
    static String referenceOf(WithdrawalId key) {
        return "simulated-" + key;
    }

    private boolean happens(int percent) {
        return percent > 0 && luck.nextInt(ALL) < percent;
    }
}
