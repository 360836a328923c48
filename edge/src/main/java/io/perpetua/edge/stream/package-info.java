/**
 * What every service's stream shares: {@code /v1/stream}, a WebSocket on which clients subscribe to
 * topics and get a snapshot of each, then its changes.
 *
 * <p>A service that streams gives a {@link io.perpetua.edge.stream.StreamChannels} and publishes to
 * the {@link io.perpetua.edge.stream.StreamHub}; without one there is no such path. Connections
 * belong to the event loop that reads and writes them ({@link io.perpetua.edge.stream.StreamLoop}),
 * so that nothing here is locked; a message is written as text once, for all who get it.
 */
@NullMarked
package io.perpetua.edge.stream;

import org.jspecify.annotations.NullMarked;
