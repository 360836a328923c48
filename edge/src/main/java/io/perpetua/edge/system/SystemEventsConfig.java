package io.perpetua.edge.system;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of system events, {@code perpetua.system-events.*}. */
@ConfigMapping(prefix = "perpetua.system-events")
public interface SystemEventsConfig {
    /** Whether this instance records any. */
    @WithDefault("true")
    boolean enabled();

    /** For how many days they are kept. */
    @WithDefault("30")
    int days();
}
