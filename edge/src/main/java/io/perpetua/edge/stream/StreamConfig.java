package io.perpetua.edge.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Bounds of streams; those of frames are Quarkus' own, see edge's configuration. */
@ConfigMapping(prefix = "perpetua.streams")
public interface StreamConfig {
    /** Streams of this process. */
    @WithDefault("2500")
    int connectionsMax();

    /** Streams of one client address (an IPv6 address by its first 64 bits). */
    @WithDefault("50")
    int connectionsPerAddressMax();

    /** Topics of one stream. */
    @WithDefault("64")
    int subscriptionsMax();

    /** Frames of any kind that a client may send at once. */
    @WithDefault("100")
    int framesBurst();

    /** Frames that a client gains in a second. */
    @WithDefault("20")
    int framesPerSecond();

    /** Bytes that wait for a client before what changes is conflated. */
    @WithDefault("65536")
    int queueBytesMax();

    /** Changes of one topic that may wait for a client, each of another key. */
    @WithDefault("16")
    int waitingPerTopicMax();

    /** How long bytes may wait for a client at all. */
    @WithDefault("10000")
    long slowMillisMax();

    /** Time between two pings. */
    @WithDefault("15000")
    long pingMillis();

    /** How long nothing need be heard of a client. */
    @WithDefault("45000")
    long idleMillisMax();
}
