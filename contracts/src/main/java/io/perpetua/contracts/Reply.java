package io.perpetua.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Where the outcome of a command is awaited: a gateway and its number for the wait. Travels with
 * the command and, on the record that ends the command, in the record header {@code reply}, so that
 * other gateways skip the record unread.
 *
 * @param gateway the gateway's lease number, 0 to 31
 * @param number the gateway's own count
 */
public record Reply(int gateway, long number) {
    /** From {@code gateway:number}. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static Reply parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("expected gateway:number");
        }
        return new Reply(
                Integer.parseInt(text.substring(0, colon)),
                Long.parseLong(text.substring(colon + 1)));
    }

    /** {@code gateway:number}. */
    @JsonValue
    @Override
    public String toString() {
        return gateway + ":" + number;
    }
}
