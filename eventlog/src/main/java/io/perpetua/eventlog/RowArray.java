package io.perpetua.eventlog;

import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.core.TypeInfo;
import org.postgresql.jdbc.PgArray;

/**
 * The rows of a multi-row statement as one array of a composite type, for {@code unnest}, in
 * PostgreSQL's binary format: however many rows, the statement is the same, so the server plans it
 * once. A row's values are added in the order of the type's fields, and are all there.
 */
public final class RowArray {
    /** Dimensions, whether there are nulls, the type of a row, the number of rows, the first's. */
    private static final int HEADER_BYTES = 5 * Integer.BYTES;

    private static final int NULL_LENGTH = -1;

    private final String sql;
    private final String type;
    private final int fields;
    private byte[] bytes = new byte[1 << 10];
    private int size = HEADER_BYTES;
    private int rows;
    private int rowStart;
    private int added;

    /** For {@code sql}, whose one parameter is an array of the composite {@code type}. */
    public RowArray(String sql, String type, int fields) {
        this.sql = sql;
        this.type = type;
        this.fields = fields;
        this.added = fields;
    }

    /** Begins the next row. */
    public RowArray row() {
        end();
        rows++;
        added = 0;
        rowStart = size;
        putInt(0);
        putInt(fields);
        return this;
    }

    /** Ends the last row. */
    void end() {
        if (added != fields) {
            throw new IllegalStateException(added + " values for the fields of " + type);
        }
        if (rows > 0) {
            setInt(rowStart, size - rowStart - Integer.BYTES);
        }
    }

    /** A {@code bigint}. */
    public RowArray bigint(long value) {
        field(Oid.INT8, Long.BYTES);
        putInt((int) (value >>> Integer.SIZE));
        putInt((int) value);
        return this;
    }

    /** A {@code bigint} or nothing. */
    public RowArray bigint(@Nullable Long value) {
        return value == null ? nothing(Oid.INT8) : bigint(value.longValue());
    }

    /** An {@code integer}. */
    public RowArray integer(int value) {
        field(Oid.INT4, Integer.BYTES);
        putInt(value);
        return this;
    }

    /** A {@code smallint}. */
    public RowArray smallint(short value) {
        field(Oid.INT2, Short.BYTES);
        grow(Short.BYTES);
        bytes[size++] = (byte) (value >>> 8);
        bytes[size++] = (byte) value;
        return this;
    }

    /** A {@code boolean}. */
    public RowArray bool(boolean value) {
        field(Oid.BOOL, 1);
        grow(1);
        bytes[size++] = (byte) (value ? 1 : 0);
        return this;
    }

    /** A {@code text} or nothing. */
    public RowArray text(@Nullable String value) {
        if (value == null) {
            return nothing(Oid.TEXT);
        }
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        field(Oid.TEXT, encoded.length);
        grow(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
        return this;
    }

    private RowArray nothing(int oid) {
        field(oid, NULL_LENGTH);
        return this;
    }

    private void field(int oid, int length) {
        added++;
        putInt(oid);
        putInt(length);
    }

    private void putInt(int value) {
        grow(Integer.BYTES);
        setInt(size, value);
        size += Integer.BYTES;
    }

    private void setInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private void grow(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }

    boolean isEmpty() {
        return rows == 0;
    }

    String sql() {
        return sql;
    }

    /** The rows, which are ended, as the statement's parameter. */
    Array array(Connection transaction) throws SQLException {
        BaseConnection connection = transaction.unwrap(BaseConnection.class);
        TypeInfo types = connection.getTypeInfo();
        int array = types.getPGArrayType(type);
        setInt(0, 1);
        setInt(4, 0);
        setInt(8, types.getPGArrayElement(array));
        setInt(12, rows);
        setInt(16, 1);
        return new PgArray(connection, array, Arrays.copyOf(bytes, size));
    }
}
