package io.perpetua.accounts.app;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;

/**
 * Has the ledger compared with risk's copies every night, and goes on with whatever run is not
 * asked through. Every instance looks; the database lets one start a night's run.
 */
@ApplicationScoped
public class NightlyReconciliation {
    private static final int LOOK_MILLIS = 1_000;
    private static final Duration LATEST = Duration.ofHours(1);

    private final ReconcileHandler handler;
    private final AccountsConfig config;
    private final Clock clock;
    private final Turns turns = new Turns("reconciliation", 1);
    private LocalDate lastNight = LocalDate.MIN;

    /** With what it starts. */
    public NightlyReconciliation(ReconcileHandler handler, AccountsConfig config, Clock clock) {
        this.handler = handler;
        this.config = config;
        this.clock = clock;
    }

    void start(@Observes StartupEvent started) {
        if (config.shardsEnabled()) {
            turns.start(1, LOOK_MILLIS, this::look);
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
        return handler.askForOnePage();
    }

    private boolean isTime(LocalTime now) {
        LocalTime from = config.reconcileAt();
        return !now.isBefore(from) && Duration.between(from, now).compareTo(LATEST) < 0;
    }
}
