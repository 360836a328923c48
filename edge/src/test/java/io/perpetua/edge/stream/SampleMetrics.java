package io.perpetua.edge.stream;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Counts, as a service's own registry does. */
final class SampleMetrics {
    private SampleMetrics() {}

    @Produces
    @Singleton
    static SimpleMeterRegistry registry() {
        return new SimpleMeterRegistry();
    }
}
