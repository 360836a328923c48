package io.perpetua.edge.stream;

/**
 * A change of a topic, written once for everybody: the text differs only for a client that did not
 * get the change before it.
 *
 * @param prevSeq the topic's change before this one, 0 when there was none
 * @param key a later change of the same key says all that this one does
 * @param data a JSON object
 * @param text to whoever got the change before it
 */
record StreamMessage(
        StreamTopic topic, long seq, long prevSeq, String key, String data, String text) {
    static StreamMessage of(StreamTopic topic, long seq, long prevSeq, String key, String data) {
        return new StreamMessage(topic, seq, prevSeq, key, data, text(topic, data, seq, prevSeq));
    }

    /** To a client whose newest change of the topic is {@code lastSeq}. */
    String textAfter(long lastSeq) {
        return lastSeq == prevSeq ? text : text(topic, data, seq, lastSeq);
    }

    private static String text(StreamTopic topic, String data, long seq, long prevSeq) {
        return "{\"type\":\"delta\","
                + topic.json()
                + ",\"prevSeq\":"
                + prevSeq
                + ",\"seq\":"
                + seq
                + ",\"data\":"
                + data
                + "}";
    }
}
