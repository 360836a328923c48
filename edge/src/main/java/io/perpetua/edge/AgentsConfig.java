package io.perpetua.edge;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How agents' requests are taken, {@code perpetua.agents.*}. */
@ConfigMapping(prefix = "perpetua.agents")
public interface AgentsConfig {
    /** The authority that agents name in what they sign: where users reach the platform. */
    @WithDefault("127.0.0.1:8080")
    String domain();

    /** How far the time in a request may be from now, either way. */
    @WithDefault("30")
    int timestampSeconds();
}
