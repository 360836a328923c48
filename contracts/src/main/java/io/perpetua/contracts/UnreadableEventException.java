package io.perpetua.contracts;

import org.jspecify.annotations.Nullable;

/** Bytes that hold no record of the expected family. */
public final class UnreadableEventException extends RuntimeException {
    /** With what was expected and why the bytes are no such record. */
    public UnreadableEventException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
