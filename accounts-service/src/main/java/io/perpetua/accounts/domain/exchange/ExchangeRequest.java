package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.exchange.SignedParts.Part;
import java.util.List;

/**
 * A signed request to another exchange, ready to be sent once. It carries what must not be shown,
 * so it prints its method and path alone.
 *
 * @param query empty when there is none
 * @param body a form; empty when there is none
 */
public record ExchangeRequest(
        String method, String path, String query, String body, List<Part> headers) {
    /** The headers as they are. */
    public ExchangeRequest {
        headers = List.copyOf(headers);
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
