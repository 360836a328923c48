package io.perpetua.orders.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A select put together from the conditions that apply, with its parameters in step. */
final class Query {
    /** Reads one row. */
    @FunctionalInterface
    interface RowReader<R> {
        R read(ResultSet row) throws SQLException;
    }

    private final StringBuilder sql;
    private final List<Object> parameters = new ArrayList<>();

    /** Begins with everything up to and including the first condition. */
    Query(String start, Object... values) {
        sql = new StringBuilder(start);
        parameters.addAll(List.of(values));
    }

    /** Adds a condition, or an ending such as a limit. */
    Query and(String fragment, Object... values) {
        sql.append(' ').append(fragment);
        parameters.addAll(List.of(values));
        return this;
    }

    /** All rows. */
    <R> List<R> list(Connection transaction, RowReader<R> reader) throws SQLException {
        try (PreparedStatement statement = transaction.prepareStatement(sql.toString())) {
            for (int i = 0; i < parameters.size(); i++) {
                statement.setObject(i + 1, parameters.get(i));
            }
            List<R> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.add(reader.read(result));
                }
            }
            return rows;
        }
    }
}
