package io.perpetua.risk.persistence;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows for one statement that takes them as arrays, one a column, by {@code unnest}. */
final class Rows {
    private final String sql;
    private final String[] types;
    private final List<List<@Nullable Object>> columns = new ArrayList<>();

    /** For {@code sql}, whose parameters are arrays of {@code types}, in order. */
    Rows(String sql, String... types) {
        this.sql = sql;
        this.types = types;
        for (int i = 0; i < types.length; i++) {
            columns.add(new ArrayList<>());
        }
    }

    void add(@Nullable Object... row) {
        if (row.length != types.length) {
            throw new IllegalArgumentException(
                    types.length + " columns expected, not " + row.length);
        }
        for (int i = 0; i < row.length; i++) {
            columns.get(i).add(row[i]);
        }
    }

    /** Runs the statement, if there are rows. */
    void execute(Connection transaction) throws SQLException {
        if (columns.getFirst().isEmpty()) {
            return;
        }
        try (PreparedStatement statement = transaction.prepareStatement(sql)) {
            for (int i = 0; i < types.length; i++) {
                statement.setArray(
                        i + 1,
                        transaction.createArrayOf(types[i], array(types[i], columns.get(i))));
            }
            statement.executeUpdate();
        }
    }

    /** Of the elements' own class, so that the driver sends them in binary. */
    private static Object[] array(String type, List<@Nullable Object> values) {
        return switch (type) {
            case "bigint" -> values.toArray(Long[]::new);
            case "integer" -> values.toArray(Integer[]::new);
            case "smallint" -> values.toArray(Short[]::new);
            case "boolean" -> values.toArray(Boolean[]::new);
            case "text" -> values.toArray(String[]::new);
            case "numeric" -> values.toArray(BigDecimal[]::new);
            default -> throw new IllegalArgumentException("no column of " + type);
        };
    }
}
