package io.perpetua.eventlog;

import java.util.concurrent.CompletableFuture;

/** The waits of one gateway for the outcomes of its commands. */
public interface ReplyTail {
    /**
     * A new wait. Its {@link Wait#reply} goes with the command; register it before sending.
     *
     * @throws java.util.concurrent.RejectedExecutionException when too many are waiting already
     */
    Wait expect();

    /** How many are waiting. */
    int waiting();

    /**
     * One wait.
     *
     * @param reply the reply address, {@code gateway:number}
     * @param outcome completed with the value of the record that ends the command; cancelling it or
     *     completing it exceptionally ends the wait
     */
    record Wait(String reply, CompletableFuture<byte[]> outcome) {}
}
