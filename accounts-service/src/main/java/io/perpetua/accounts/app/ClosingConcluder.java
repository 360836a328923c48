package io.perpetua.accounts.app;

import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.ClosingRow;
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

/**
 * Ends every closing that risk has frozen. One is taken for a while before, so that one process at
 * a time ends it; one that dies is followed by another.
 */
@ApplicationScoped
public class ClosingConcluder {
    private static final Duration LEASE = Duration.ofSeconds(10);

    private final UserLifeStore lives;
    private final ConcludeClosingHandler conclusions;
    private final ShardTransactions transactions;
    private final Clock clock;
    private final AccountsConfig config;
    private final SystemEvents events;
    private final Turns turns = new Turns("closing-concluder", 1);

    /** With where it looks. */
    public ClosingConcluder(
            UserLifeStore lives,
            ConcludeClosingHandler conclusions,
            ShardTransactions transactions,
            Clock clock,
            AccountsConfig config,
            SystemEvents events) {
        this.lives = lives;
        this.conclusions = conclusions;
        this.transactions = transactions;
        this.clock = clock;
        this.config = config;
        this.events = events;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            turns.start(events, 1, config.closingPollMillis(), this::concludeOne);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        turns.close();
    }

    private boolean concludeOne() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Optional<ClosingRow> due = transactions.call(tx -> lives.takeDue(tx, now, now.plus(LEASE)));
        due.ifPresent(conclusions::handle);
        return due.isPresent();
    }
}
