package io.perpetua.edge.stream;

/** The channels of a service that streams. */
@FunctionalInterface
public interface StreamChannels {
    /**
     * The topic that a request names. It is asked on an event loop and never waits.
     *
     * @throws io.perpetua.edge.ProblemException naming the field when there is no such topic
     */
    StreamTopic topic(StreamRequest request);
}
