package io.perpetua.demo.client;

import com.fasterxml.jackson.databind.JsonNode;

/** What a request was answered: a status and a JSON body, an empty object where there is none. */
public record Answer(int status, JsonNode body) {
    /** Whether it was carried out, or at least journalled. */
    public boolean isOk() {
        return status >= 200 && status < 300;
    }

    /** Whether the platform, or a part of it, was not there; the request may be repeated. */
    public boolean isUnavailable() {
        return status == 502 || status == 503 || status == 504;
    }

    /** The problem's one word, or the status where it has none. */
    public String code() {
        return body.path("code").asText(Integer.toString(status));
    }

    /** The body of an answer that must be good. @throws IllegalStateException if it is not */
    public JsonNode orThrow() {
        if (!isOk()) {
            throw new IllegalStateException("answered " + status + ": " + body);
        }
        return body;
    }
}
