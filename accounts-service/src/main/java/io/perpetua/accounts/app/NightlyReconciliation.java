package io.perpetua.accounts.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * Has the ledger compared with risk's copies every night, and goes on with whatever run is not
 * asked through or has accounts of other assets left to check. Every instance looks; the database
 * lets one start a night's run. A night without a run that is done is an error in the log and a
 * metric, every hour until there is one.
 */
@ApplicationScoped
public class NightlyReconciliation {
    private static final Logger LOG = Logger.getLogger(NightlyReconciliation.class);
    private static final int LOOK_MILLIS = 1_000;
    private static final Duration LATEST = Duration.ofHours(1);

    /** A day, the hour in which a run begins, and one in which it is done. */
    private static final Duration OVERDUE = Duration.ofHours(26);

    private static final Duration REMINDED = Duration.ofHours(1);

    private final ReconcileHandler handler;
    private final CheckAccountsHandler checking;
    private final AccountsConfig config;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final SystemEvents events;
    private final Instant startedAt;
    private final Turns turns = new Turns("reconciliation", 1);
    private LocalDate lastNight = LocalDate.MIN;
    private Instant nextCheck = Instant.MIN;

    /** With what it starts. */
    public NightlyReconciliation(
            ReconcileHandler handler,
            CheckAccountsHandler checking,
            AccountsConfig config,
            Clock clock,
            MeterRegistry metrics,
            SystemEvents events) {
        this.handler = handler;
        this.checking = checking;
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
        this.events = events;
        this.startedAt = clock.instant();
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            turns.start(events, 1, LOOK_MILLIS, this::look);
        }
    }

    void stop(@Observes ShutdownEvent stopping) {
        turns.close();
    }

    private boolean look() {
        ZonedDateTime now = clock.instant().atZone(ZoneOffset.UTC);
        LocalDate today = now.toLocalDate();
        if (config.reconcileNightly() && !today.equals(lastNight) && isTime(now.toLocalTime())) {
            var _ = handler.startNightly(today);
            lastNight = today;
        }
        if (config.reconcileNightly() && !now.toInstant().isBefore(nextCheck)) {
            var _ = check();
        }
        boolean asked = handler.askForOnePage();
        return checking.checkOnePage() || asked;
    }

    /** Looks whether a night was missed. @return whether none was */
    public boolean check() {
        Instant now = clock.instant();
        nextCheck = now.plus(REMINDED);
        Instant last = handler.lastNightDone().orElse(startedAt);
        if (!last.plus(OVERDUE).isBefore(now)) {
            return true;
        }
        metrics.counter("perpetua.accounts.reconciliation.nights.missed").increment();
        LOG.errorf("no nightly comparison of the ledger with risk is done since %s", last);
        events.record(SystemEventType.RECONCILIATION_MISSED, Map.of("since", last.toString()));
        return false;
    }

    private boolean isTime(LocalTime now) {
        LocalTime from = config.reconcileAt();
        return !now.isBefore(from) && Duration.between(from, now).compareTo(LATEST) < 0;
    }
}
