package io.perpetua.orders.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * The rows of a query, streamed by COPY in its binary format: the server goes on sending while they
 * are read, and numbers come as numbers. Read column by column, in the query's order.
 */
final class CopiedRows {
    /** Before the first row stand a signature, flags, and the length of an extension. */
    private static final int SIGNATURE_AND_FLAGS = 15;

    private byte[] bytes = {};
    private ByteBuffer row = ByteBuffer.wrap(bytes);

    private CopiedRows() {}

    /** Takes the row at which the rows stand. */
    @FunctionalInterface
    interface Taker {
        void take(CopiedRows row) throws SQLException;
    }

    /** Gives each row of a query to {@code taker}; it must read all columns. */
    static void each(Connection transaction, String query, Taker taker) throws SQLException {
        CopyOut copy =
                transaction
                        .unwrap(PGConnection.class)
                        .getCopyAPI()
                        .copyOut("copy (" + query + ") to stdout (format binary)");
        try {
            CopiedRows rows = new CopiedRows();
            boolean begun = false;
            for (byte[] bytes = copy.readFromCopy(); bytes != null; bytes = copy.readFromCopy()) {
                rows.bytes = bytes;
                rows.row = ByteBuffer.wrap(bytes);
                if (!begun) {
                    rows.skipHeader();
                    begun = true;
                }
                while (rows.row.remaining() > 0 && rows.row.getShort() >= 0) {
                    taker.take(rows);
                }
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void skipHeader() {
        row.position(SIGNATURE_AND_FLAGS);
        int extension = row.getInt();
        row.position(row.position() + extension);
    }

    /** An {@code integer}. */
    int readInt() {
        requireLength(Integer.BYTES);
        return row.getInt();
    }

    /** A {@code bigint}. */
    long readLong() {
        requireLength(Long.BYTES);
        return row.getLong();
    }

    /** A {@code bigint}; null is read as 0. */
    long readLongOrZero() {
        int length = row.getInt();
        if (length < 0) {
            return 0;
        }
        if (length != Long.BYTES) {
            throw new IllegalStateException("a column of " + length + " bytes is no bigint");
        }
        return row.getLong();
    }

    /** A {@code boolean}. */
    boolean readBoolean() {
        requireLength(1);
        return row.get() != 0;
    }

    /** A {@code text}. */
    @Nullable String readText() {
        int length = row.getInt();
        if (length < 0) {
            return null;
        }
        int from = row.position();
        row.position(from + length);
        return new String(bytes, from, length, StandardCharsets.UTF_8);
    }

    private void requireLength(int expected) {
        int length = row.getInt();
        if (length != expected) {
            throw new IllegalStateException(
                    "a column of " + length + " bytes where " + expected + " belong");
        }
    }

    /** Reads a {@code text} that names one of a few constants, without making a string of it. */
    static final class Names<E extends Enum<E>> {
        private final List<E> constants;
        private final List<byte[]> names = new ArrayList<>();

        Names(Class<E> type) {
            constants = List.of(type.getEnumConstants());
            for (E constant : constants) {
                names.add(constant.name().getBytes(StandardCharsets.UTF_8));
            }
        }

        E read(CopiedRows rows) {
            ByteBuffer row = rows.row;
            int length = row.getInt();
            int from = row.position();
            int to = from + Math.max(0, length);
            row.position(to);
            for (int i = 0; i < names.size(); i++) {
                byte[] name = names.get(i);
                if (Arrays.equals(name, 0, name.length, rows.bytes, from, to)) {
                    return constants.get(i);
                }
            }
            throw new IllegalStateException(
                    "nothing is called "
                            + new String(rows.bytes, from, to - from, StandardCharsets.UTF_8));
        }
    }
}
