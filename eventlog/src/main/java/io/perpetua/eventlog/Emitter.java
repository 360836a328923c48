package io.perpetua.eventlog;

/** Takes the records a decision publishes; they leave only after the batch's commit, in order. */
@FunctionalInterface
public interface Emitter {
    /** Adds a record behind those already emitted. */
    void emit(Outgoing record);
}
