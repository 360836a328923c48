package io.perpetua.orders.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a multi-row statement as one array a column, for {@code unnest}: however many rows,
 * the statement is the same, so the server plans it once.
 */
final class Columns {
    private final List<Object[]> columns;
    private final String[] types;
    private int rows;

    /** Columns of these PostgreSQL types, named with blanks between them, for so many rows. */
    Columns(int capacity, String types) {
        this.types = types.split(" ", -1);
        columns = new ArrayList<>(this.types.length);
        for (String type : this.types) {
            columns.add(column(type, capacity));
        }
    }

    /** Of the element's own class, so that the driver sends it in binary. */
    private static Object[] column(String type, int capacity) {
        return switch (type) {
            case "bigint" -> new Long[capacity];
            case "integer" -> new Integer[capacity];
            case "boolean" -> new Boolean[capacity];
            case "text" -> new String[capacity];
            default -> throw new IllegalArgumentException("no column of " + type);
        };
    }

    /** Adds a row; its values are in the order of the columns. */
    void add(@Nullable Object... values) {
        if (values.length != types.length) {
            throw new IllegalArgumentException(
                    values.length + " values for " + types.length + " columns");
        }
        for (int i = 0; i < values.length; i++) {
            columns.get(i)[rows] = values[i];
        }
        rows++;
    }

    /** Runs a statement whose parameters are the columns; nothing to do without rows. */
    void execute(Connection transaction, String sql) throws SQLException {
        if (rows == 0) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            for (int i = 0; i < types.length; i++) {
                statement.setArray(i + 1, transaction.createArrayOf(types[i], columns.get(i)));
            }
            statement.executeUpdate();
        }
    }
}
