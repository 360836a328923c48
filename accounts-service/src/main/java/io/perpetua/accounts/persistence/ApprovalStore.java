package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one administrator asks for and another one decides. The database keeps whoever asks from
 * deciding, and lets a request's state move on and nothing else change.
 */
@ApplicationScoped
public class ApprovalStore {
    /** A request as stored; an open one may have expired. */
    public record ApprovalRow(
            long id,
            ApprovalKind kind,
            String subject,
            String content,
            String reason,
            String reference,
            ApprovalState state,
            long requestedBy,
            Instant requestedAt,
            Instant expiresAt,
            @Nullable Long decidedBy,
            boolean byOperator,
            @Nullable Instant decidedAt,
            @Nullable String outcome,
            @Nullable Instant finishedAt) {}

    /** A request that is to be stored. */
    public record NewApproval(
            ApprovalKind kind,
            String subject,
            String content,
            String reason,
            String reference,
            long requestedBy,
            Instant requestedAt,
            Instant expiresAt) {}

    /**
     * How an approved request has ended.
     *
     * @param content what was carried out, where that is told; it must be what was approved
     */
    public record Conclusion(
            long id,
            String subject,
            @Nullable String content,
            ApprovalState state,
            String outcome,
            Instant at) {}

    /**
     * Waits for the transactions that count what is open, decide on it, or change who may ask, and
     * holds others up. It is passed before anything else is held.
     */
    public void passGate(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select gate from approval_gate for update")) {
            statement.execute();
        }
    }

    /** How many wait for a decision. */
    public int open(Connection connection, Instant now) throws SQLException {
        String sql = "select count(*) from approval where state = 'OPEN' and expires_at > ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** The request with a reference that may yet have, or has had, an effect. */
    public Optional<ApprovalRow> findLive(
            Connection connection, ApprovalKind kind, String reference, Instant now)
            throws SQLException {
        String sql =
                "select * from approval where kind = ? and reference = ?"
                        + " and (state in ('APPROVED', 'EXECUTED')"
                        + " or (state = 'OPEN' and expires_at > ?))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, kind.name());
            statement.setString(2, reference);
            statement.setObject(3, SqlTimes.of(now));
            return first(statement);
        }
    }

    /** Stores a request. */
    public ApprovalRow add(Connection connection, NewApproval approval) throws SQLException {
        String sql =
                "insert into approval (kind, subject, content, reason, reference, state,"
                        + " requested_by, requested_at, expires_at)"
                        + " values (?, ?, ?, ?, ?, 'OPEN', ?, ?, ?) returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, approval.kind().name());
            statement.setString(2, approval.subject());
            statement.setString(3, approval.content());
            statement.setString(4, approval.reason());
            statement.setString(5, approval.reference());
            statement.setLong(6, approval.requestedBy());
            statement.setObject(7, SqlTimes.of(approval.requestedAt()));
            statement.setObject(8, SqlTimes.of(approval.expiresAt()));
            return first(statement).orElseThrow();
        }
    }

    /** A request. */
    public Optional<ApprovalRow> find(Connection connection, long id) throws SQLException {
        return find(connection, id, "");
    }

    /**
     * A request that the administrator may decide on, held until the transaction ends: another
     * one's, or one that takes the operator.
     */
    public Optional<ApprovalRow> hold(Connection connection, long id) throws SQLException {
        return find(connection, id, " for update");
    }

    private static Optional<ApprovalRow> find(Connection connection, long id, String tail)
            throws SQLException {
        String sql = "select * from approval where approval_id = ?" + tail;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            return first(statement);
        }
    }

    private static Optional<ApprovalRow> first(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(read(row)) : Optional.empty();
        }
    }

    /** A part of the requests, of one state or of all, newest first. */
    public List<ApprovalRow> page(
            Connection connection, @Nullable ApprovalState state, PageRequest page, Instant now)
            throws SQLException {
        String sql =
                "select * from approval where approval_id < ? and (?::text is null"
                        + " or case when state = 'OPEN' and expires_at <= ? then 'EXPIRED'"
                        + " else state end = ?) order by approval_id desc limit ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            String wanted = state == null ? null : state.name();
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            statement.setString(2, wanted);
            statement.setObject(3, SqlTimes.of(now));
            statement.setString(4, wanted);
            statement.setInt(5, page.rows());
            return all(statement);
        }
    }

    /** What another administrator waits for, held until the transaction ends. */
    public List<ApprovalRow> holdOpenOf(Connection connection, long requestedBy, Instant now)
            throws SQLException {
        String sql =
                "select * from approval where requested_by = ? and state = 'OPEN'"
                        + " and expires_at > ? order by approval_id for update";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, requestedBy);
            statement.setObject(2, SqlTimes.of(now));
            return all(statement);
        }
    }

    private static List<ApprovalRow> all(PreparedStatement statement) throws SQLException {
        List<ApprovalRow> approvals = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                approvals.add(read(rows));
            }
        }
        return approvals;
    }

    /** Whether an administrator could decide who neither asks nor is what it is about. */
    public boolean anotherMayDecide(Connection connection, ApprovalRow approval)
            throws SQLException {
        String sql = "select another_admin_may_decide(?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, approval.requestedBy());
            statement.setString(2, approval.subject());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /** Who decides, and whether they show the operator's secret for it. */
    public record Decider(long admin, boolean byOperator) {}

    /**
     * Writes the decision on an open request.
     *
     * @param outcome what came of it at once; null when it is rejected or on its way
     */
    public ApprovalRow decide(
            Connection connection,
            long id,
            ApprovalState state,
            Decider decider,
            @Nullable String outcome,
            Instant now)
            throws SQLException {
        String sql =
                "update approval set state = ?, decided_by = ?, by_operator = ?, decided_at = ?,"
                        + " outcome = ?, finished_at = ?"
                        + " where approval_id = ? and state = 'OPEN' returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, state.name());
            statement.setLong(2, decider.admin());
            statement.setBoolean(3, decider.byOperator());
            statement.setObject(4, SqlTimes.of(now));
            statement.setString(5, outcome);
            statement.setObject(
                    6, outcome == null ? null : SqlTimes.of(now), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setLong(7, id);
            return first(statement)
                    .orElseThrow(() -> new IllegalStateException("approval " + id + " is decided"));
        }
    }

    /** Writes how approved requests have ended. */
    public void conclude(Connection connection, List<Conclusion> conclusions) throws SQLException {
        String sql =
                "update approval a set state = v.state, outcome = v.outcome, finished_at = v.at"
                        + " from unnest(?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[],"
                        + " ?::timestamptz[]) as v (id, subject, content, state, outcome, at)"
                        + " where a.approval_id = v.id and a.state = 'APPROVED'"
                        + " and a.subject = v.subject and a.content = coalesce(v.content, a.content)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            array(statement, 1, "int8", conclusions.stream().map(Conclusion::id));
            array(statement, 2, "text", conclusions.stream().map(Conclusion::subject));
            array(statement, 3, "text", conclusions.stream().map(Conclusion::content));
            array(statement, 4, "text", conclusions.stream().map(one -> one.state().name()));
            array(statement, 5, "text", conclusions.stream().map(Conclusion::outcome));
            array(
                    statement,
                    6,
                    "timestamptz",
                    conclusions.stream().map(one -> Timestamp.from(one.at())));
            int written = statement.executeUpdate();
            if (written != conclusions.size()) {
                throw new IllegalStateException(
                        "%d of %d conclusions are of what was not approved so"
                                .formatted(conclusions.size() - written, conclusions.size()));
            }
        }
    }

    private static void array(
            PreparedStatement statement,
            int place,
            String type,
            Stream<? extends @Nullable Object> values)
            throws SQLException {
        statement.setArray(place, statement.getConnection().createArrayOf(type, values.toArray()));
    }

    private static ApprovalRow read(ResultSet row) throws SQLException {
        return new ApprovalRow(
                row.getLong("approval_id"),
                ApprovalKind.valueOf(row.getString("kind")),
                row.getString("subject"),
                row.getString("content"),
                row.getString("reason"),
                row.getString("reference"),
                ApprovalState.valueOf(row.getString("state")),
                row.getLong("requested_by"),
                SqlTimes.read(row, "requested_at"),
                SqlTimes.read(row, "expires_at"),
                row.getObject("decided_by", Long.class),
                row.getBoolean("by_operator"),
                SqlTimes.readNullable(row, "decided_at"),
                row.getString("outcome"),
                SqlTimes.readNullable(row, "finished_at"));
    }
}
