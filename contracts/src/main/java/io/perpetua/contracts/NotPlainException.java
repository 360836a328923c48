package io.perpetua.contracts;

/** Not in the form that {@link PlainCodec} knows: Jackson's to judge. Thrown without a trace. */
final class NotPlainException extends RuntimeException {
    NotPlainException() {
        super("not plain", null, false, false);
    }
}
