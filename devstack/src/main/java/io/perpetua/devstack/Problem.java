package io.perpetua.devstack;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

/** What the front door answers by itself when a request does not get through (RFC 9457). */
enum Problem {
    PATH_MALFORMED(
            400,
            "Malformed path",
            "The path holds '..', '//', a backslash or an encoded form of them, or two hexadecimal"
                    + " digits other than 00 don't follow a percent sign."),
    REQUEST_MALFORMED(400, "Malformed request", "This can't be read as an HTTP request."),
    PATH_UNKNOWN(404, "Unknown path", "No service serves this path."),
    BODY_TOO_LARGE(413, "Body too large", "A body may have 65536 bytes at most."),
    PATH_TOO_LONG(414, "Path too long", "A request's first line may have 4096 bytes at most."),
    HEADERS_TOO_LARGE(431, "Headers too large", "All headers may have 8192 bytes at most."),
    OUTCOME_UNKNOWN(
            502,
            "Outcome unknown",
            "The service went away while it worked on this request. It may have been carried out:"
                    + " repeat it with the same idempotency key."),
    SERVICE_UNAVAILABLE(
            503,
            "Service unavailable",
            "The service for this path is not running. The request was not carried out: repeat it"
                    + " in a moment."),
    SERVICE_SILENT(
            504,
            "Service silent",
            "The service took too long to answer. The request may have been carried out: repeat it"
                    + " with the same idempotency key.");

    static final String MEDIA_TYPE = "application/problem+json";

    private final int status;
    private final String title;
    private final String detail;

    Problem(int status, String title, String detail) {
        this.status = status;
        this.title = title;
        this.detail = detail;
    }

    int status() {
        return status;
    }

    /** Whether the client should come back a little later. */
    boolean isPassing() {
        return status > 500;
    }

    Buffer body() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("code", name())
                .toBuffer();
    }
}
