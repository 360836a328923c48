package io.perpetua.edge;

import java.util.Locale;

/** A kind of request that has a budget of its own: what is spent on one leaves the others whole. */
public enum RateClass {
    /** New orders and amendments. */
    ORDER_ENTRY,
    /** Cancels and orders that only reduce: the way out, open when order entry is spent. */
    CANCEL,
    /** Whatever else changes something. */
    WRITE,
    /** Whatever changes nothing. */
    READ,
    /** Storing, replacing and using secrets. */
    SECRET,
    /** Signing in: nobody is known yet, so that the address alone is charged. */
    SIGN_IN;

    /** The name in headers, metrics and configuration: {@code order-entry}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
