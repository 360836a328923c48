package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.agent.AgentTerms;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.accounts.AgentFilter;
import io.perpetua.contracts.accounts.AgentScope;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The agents of users, present and removed; an address is in it once and for ever. */
@ApplicationScoped
public class AgentStore {
    /** An agent as stored. */
    public record AgentRow(
            String address, AgentTerms terms, Instant registeredAt, @Nullable Instant removedAt) {}

    /** How many agents a user has, and has ever had. */
    public record Counts(int present, int ever) {}

    /** How many agents the visible user has. */
    public Counts count(Connection connection) throws SQLException {
        String sql =
                "select count(*) filter (where removed_at is null), count(*) from agent"
                        + " where user_id = current_user_id()";
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return new Counts(row.getInt(1), row.getInt(2));
        }
    }

    /** Stores an agent. @return false if its address is or was an agent's, of any user */
    public boolean add(
            Connection connection, UserId user, String address, AgentTerms terms, Instant now)
            throws SQLException {
        String sql =
                "insert into agent (address, user_id, label, scopes, filter, networks,"
                        + " registered_at, expires_at) values (?, ?, ?, ?, ?::jsonb, ?, ?, ?)"
                        + " on conflict do nothing";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, address);
            statement.setLong(2, user.value());
            statement.setString(3, terms.label());
            statement.setArray(
                    4, texts(connection, terms.scopes().stream().map(Enum::name).toList()));
            statement.setString(5, json(terms.filter()));
            statement.setArray(6, texts(connection, terms.networks()));
            statement.setObject(7, SqlTimes.of(now));
            statement.setObject(8, SqlTimes.of(terms.expiresAt()));
            return statement.executeUpdate() > 0;
        }
    }

    /** The visible user's agent of this address, present or removed. */
    public Optional<AgentRow> find(Connection connection, String address) throws SQLException {
        String sql = "select * from agent where user_id = current_user_id() and address = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, address);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** The visible user's agents that are not removed, oldest first. */
    public List<AgentRow> list(Connection connection) throws SQLException {
        String sql =
                "select * from agent where user_id = current_user_id() and removed_at is null"
                        + " order by registered_at, address";
        List<AgentRow> agents = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                agents.add(read(rows));
            }
        }
        return agents;
    }

    /** Removes the visible user's agent; nothing if there is none, or none any more. */
    public Optional<AgentRow> remove(Connection connection, String address, Instant now)
            throws SQLException {
        return removeThose(connection, address, now).stream().findFirst();
    }

    /** Removes all agents of the visible user that are present. */
    public List<AgentRow> removeAll(Connection connection, Instant now) throws SQLException {
        return removeThose(connection, null, now);
    }

    /**
     * Blanks what the visible user wrote of their agents, all of which are removed, and where these
     * sent from. @return all of them, blank
     */
    public List<AgentRow> blankAll(Connection connection) throws SQLException {
        String sql =
                "update agent set label = 'Agent', filter = null, networks = '{}'"
                        + " where user_id = current_user_id() returning *";
        List<AgentRow> blank = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                blank.add(read(rows));
            }
        }
        return blank;
    }

    private static List<AgentRow> removeThose(
            Connection connection, @Nullable String address, Instant now) throws SQLException {
        String sql =
                "update agent set removed_at = greatest(?, registered_at)"
                        + " where user_id = current_user_id() and address = coalesce(?, address)"
                        + " and removed_at is null returning *";
        List<AgentRow> removed = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setString(2, address);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    removed.add(read(rows));
                }
            }
        }
        return removed;
    }

    private static Array texts(Connection connection, List<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    private static @Nullable String json(@Nullable AgentFilter filter) {
        return filter == null
                ? null
                : new String(EventCodec.encode(AgentFilter.class, filter), StandardCharsets.UTF_8);
    }

    private static AgentRow read(ResultSet row) throws SQLException {
        String filter = row.getString("filter");
        return new AgentRow(
                row.getString("address"),
                new AgentTerms(
                        row.getString("label"),
                        strings(row, "scopes").stream().map(AgentScope::valueOf).toList(),
                        filter == null
                                ? null
                                : EventCodec.decode(
                                        AgentFilter.class, filter.getBytes(StandardCharsets.UTF_8)),
                        strings(row, "networks"),
                        SqlTimes.read(row, "expires_at")),
                SqlTimes.read(row, "registered_at"),
                SqlTimes.readNullable(row, "removed_at"));
    }

    private static List<String> strings(ResultSet row, String column) throws SQLException {
        return Arrays.asList((String[]) row.getArray(column).getArray());
    }
}
