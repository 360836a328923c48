package io.perpetua.demo.trader;

/** Someone who trades: acts once when told to, then says how long to wait. */
public interface Trader {
    /** Acts, and returns the milliseconds until it wants to act again. */
    long act();
}
