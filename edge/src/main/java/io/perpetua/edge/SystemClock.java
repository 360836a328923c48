package io.perpetua.edge;

import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The clock of a service unless it has another: time is an input, never asked for in passing. */
final class SystemClock {
    private SystemClock() {}

    @Produces
    @DefaultBean
    @Singleton
    static Clock utc() {
        return Clock.systemUTC();
    }
}
