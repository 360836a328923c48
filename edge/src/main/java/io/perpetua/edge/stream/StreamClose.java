package io.perpetua.edge.stream;

/** Why a service ends a stream: the close code, and a reason that begins with the constant. */
enum StreamClose {
    /** The service stops. */
    GOING_AWAY(1001, "the service stops; connect again"),
    /** A binary message. */
    NOT_TEXT(1003, "messages are JSON in text frames"),
    /** Frames came faster than allowed. */
    RATE_LIMITED(1008, "more frames a second than a client may send"),
    /** A message longer than a client may send, or no WebSocket frame at all. */
    TOO_LARGE(1009, "a message is longer than a client may send"),
    /** What was sent was not read for too long. */
    SLOW_CONSUMER(4001, "read faster, or subscribe to less"),
    /** Nothing was heard, pongs included, for too long. */
    IDLE(4002, "no frame and no pong came from the client");

    private final short code;
    private final String detail;

    StreamClose(int code, String detail) {
        this.code = (short) code;
        this.detail = detail;
    }

    short code() {
        return code;
    }

    String reason() {
        return name() + ": " + detail;
    }
}
