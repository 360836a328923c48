package io.perpetua.marketdata.api;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * An answer whose client has to read at least so much a second, after a while that it may wait.
 * Only the time spent waiting for the client counts.
 */
final class LeastRateOutput extends FilterOutputStream {
    static final long BYTES_PER_SECOND = 64 * 1024;
    static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final LongSupplier nanoTime;
    private long written;
    private long waitedNanos;

    LeastRateOutput(OutputStream out, LongSupplier nanoTime) {
        super(out);
        this.nanoTime = nanoTime;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        long begun = nanoTime.getAsLong();
        out.write(bytes, from, length);
        waitedNanos += nanoTime.getAsLong() - begun;
        written += length;
        long seconds = written / BYTES_PER_SECOND;
        if (waitedNanos > GRACE_NANOS + TimeUnit.SECONDS.toNanos(seconds)) {
            throw new IOException("the client reads less than " + BYTES_PER_SECOND + " B/s");
        }
    }
}
