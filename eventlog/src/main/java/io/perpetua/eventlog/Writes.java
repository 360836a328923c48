package io.perpetua.eventlog;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements that a batch writes its rows with, in their order. They go to the server together
 * with the one that closes the batch, in one message: each way there and back costs about as much
 * as a statement itself. A statement has one parameter, an array.
 */
public final class Writes {
    private final List<Write> all = new ArrayList<>();

    private record Write(String sql, Parameter parameter) {}

    @FunctionalInterface
    private interface Parameter {
        Array in(Connection connection) throws SQLException;
    }

    /** Adds the statement of {@code rows}, if there are rows. They are complete by now. */
    public void add(RowArray rows) {
        rows.end();
        if (!rows.isEmpty()) {
            all.add(new Write(rows.sql(), rows::array));
        }
    }

    /** Adds {@code sql}, whose parameter is an array of {@code bigint}, if there are values. */
    public void add(String sql, List<Long> values) {
        if (!values.isEmpty()) {
            Long[] copy = values.toArray(Long[]::new);
            all.add(new Write(sql, connection -> connection.createArrayOf("bigint", copy)));
        }
    }

    /** Runs them without anything that closes a batch. */
    public void execute(Connection transaction) throws SQLException {
        if (!all.isEmpty()) {
            try (PreparedStatement statement = prepare(transaction, "")) {
                statement.execute();
            }
        }
    }

    /** How many statements, and so parameters, there are before those of the closing statement. */
    int count() {
        return all.size();
    }

    /** One statement of them all and {@code closing}, whose parameters are yet to be set. */
    PreparedStatement prepare(Connection connection, String closing) throws SQLException {
        StringBuilder sql = new StringBuilder(closing.length() + 512 * all.size());
        for (Write write : all) {
            sql.append(write.sql).append(";\n");
        }
        PreparedStatement statement = connection.prepareStatement(sql.append(closing).toString());
        for (int i = 0; i < all.size(); i++) {
            statement.setArray(i + 1, all.get(i).parameter.in(connection));
        }
        return statement;
    }
}
