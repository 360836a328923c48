package io.perpetua.devstack;

/** Something a person has to mend; the message says what, and is all that gets printed. */
final class StackException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StackException(String message) {
        super(message);
    }
}
