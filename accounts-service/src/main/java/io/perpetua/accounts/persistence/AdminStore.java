package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.admin.ExternalIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The administrators, as the database keeps them. */
@ApplicationScoped
public class AdminStore {
    /** The most that are listed; far more than any platform has. */
    private static final int MOST_LISTED = 500;

    /** Who an administrator is, and whether they can sign in. */
    public record AdminRow(
            long id,
            AdminName username,
            AdminRole role,
            AdminState state,
            int generation,
            AdminSecrets secrets,
            AdminApprovals approvals,
            Instant createdAt,
            @Nullable Instant lastSignInAt) {
        /** The same in another role; earlier tokens are void. */
        public AdminRow inRole(AdminRole other, AdminApprovals by) {
            return new AdminRow(
                    id,
                    username,
                    other,
                    state,
                    generation + 1,
                    secrets,
                    by,
                    createdAt,
                    lastSignInAt);
        }

        /** The same in another state and with other secrets; earlier tokens are void. */
        public AdminRow with(AdminState other, AdminSecrets others) {
            return with(other, others, approvals);
        }

        /** The same, as an approval has it. */
        public AdminRow with(AdminState other, AdminSecrets others, AdminApprovals by) {
            return new AdminRow(
                    id, username, role, other, generation + 1, others, by, createdAt, lastSignInAt);
        }

        /** The same after a sign-in with the code of a step. */
        public AdminRow signedIn(long step, Instant at) {
            return new AdminRow(
                    id,
                    username,
                    role,
                    state,
                    generation,
                    secrets.used(step),
                    approvals,
                    createdAt,
                    at);
        }
    }

    /**
     * The approvals that made an administrator what they are; null where it took none.
     *
     * @param role what gave them their role
     * @param enrolment what lets them enrol, or let them
     */
    public record AdminApprovals(@Nullable Long role, @Nullable Long enrolment) {}

    /**
     * The token that an administrator is to enrol with.
     *
     * @param parts one, or two where two administrators hold one each
     * @param hash SHA-256 of the first part; null while nobody holds it
     * @param deciderHash that of the second
     * @param expiresAt null for never
     */
    public record EnrolmentToken(
            int parts,
            byte @Nullable [] hash,
            byte @Nullable [] deciderHash,
            @Nullable Instant expiresAt) {
        /** None. */
        public static final EnrolmentToken NONE = new EnrolmentToken(1, null, null, null);

        /** What of it is valid at a time: of a token that is too old no part is. */
        public EnrolmentToken at(Instant now) {
            return expiresAt == null || now.isBefore(expiresAt)
                    ? this
                    : new EnrolmentToken(parts, null, null, null);
        }

        /** The same with another first part. */
        public EnrolmentToken withHash(byte[] other, Instant expiry) {
            return new EnrolmentToken(parts, other, deciderHash, expiry);
        }

        /** The same with another second part. */
        public EnrolmentToken withDeciderHash(byte[] other, Instant expiry) {
            return new EnrolmentToken(parts, hash, other, expiry);
        }

        @Override
        public String toString() {
            return "EnrolmentToken[" + parts + "]";
        }
    }

    /** By what an administrator signs in. Never printed. */
    public record AdminSecrets(
            @Nullable String passwordHash,
            byte @Nullable [] sealedTotp,
            long totpLastStep,
            EnrolmentToken enrolment,
            @Nullable ExternalIdentity identity) {
        /** Nothing signs them in. */
        public static final AdminSecrets NONE = enrolling(EnrolmentToken.NONE);

        /** None but an enrolment token. */
        public static AdminSecrets enrolling(EnrolmentToken token) {
            return new AdminSecrets(null, null, 0, token, null);
        }

        /** Another part of the enrolment token; what was chosen by the old one is void. */
        public AdminSecrets withEnrolment(EnrolmentToken token) {
            return new AdminSecrets(null, null, 0, token, identity);
        }

        /** A password and codes that are still to be confirmed. */
        public AdminSecrets chosen(String password, byte[] totp) {
            return new AdminSecrets(password, totp, 0, enrolment, identity);
        }

        /** The code of the step confirms them: the enrolment token is used up. */
        public AdminSecrets confirmed(long step) {
            return new AdminSecrets(passwordHash, sealedTotp, step, EnrolmentToken.NONE, identity);
        }

        /** Another password. */
        public AdminSecrets withPassword(String password, long step) {
            return new AdminSecrets(password, sealedTotp, step, EnrolmentToken.NONE, identity);
        }

        /** Another identity; null for none. */
        public AdminSecrets withIdentity(@Nullable ExternalIdentity other) {
            return new AdminSecrets(passwordHash, sealedTotp, totpLastStep, enrolment, other);
        }

        AdminSecrets used(long step) {
            return new AdminSecrets(passwordHash, sealedTotp, step, enrolment, identity);
        }

        @Override
        public String toString() {
            return "AdminSecrets[]";
        }
    }

    /** Who is named so; works before anybody is signed in. */
    public Optional<AdminRow> named(Connection connection, AdminName name) throws SQLException {
        String sql = "select * from admin_named(?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.value());
            return one(statement);
        }
    }

    /** Whose identity it is; works before anybody is signed in. */
    public Optional<AdminRow> identified(Connection connection, ExternalIdentity identity)
            throws SQLException {
        String sql = "select * from admin_identified(?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, identity.issuer().toString());
            statement.setString(2, identity.subject());
            return one(statement);
        }
    }

    /** An administrator, by id. */
    public Optional<AdminRow> find(Connection connection, long id) throws SQLException {
        return byId(connection, "select * from admin_user where admin_id = ?", id);
    }

    /** The same, held until the transaction ends. */
    public Optional<AdminRow> hold(Connection connection, long id) throws SQLException {
        return byId(connection, "select * from admin_user where admin_id = ? for update", id);
    }

    private static Optional<AdminRow> byId(Connection connection, String sql, long id)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            return one(statement);
        }
    }

    private static Optional<AdminRow> one(PreparedStatement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery()) {
            return row.next() ? Optional.of(read(row)) : Optional.empty();
        }
    }

    /** All of them, in the order they were made. */
    public List<AdminRow> list(Connection connection) throws SQLException {
        String sql = "select * from admin_user order by admin_id limit " + MOST_LISTED;
        return many(connection, sql);
    }

    /** Those who may do everything and can sign in, held until the transaction ends. */
    public List<AdminRow> holdActiveSuperAdmins(Connection connection) throws SQLException {
        String sql =
                "select * from admin_user where role = 'SUPER_ADMIN' and state = 'ACTIVE'"
                        + " order by admin_id for update";
        return many(connection, sql);
    }

    private static List<AdminRow> many(Connection connection, String sql) throws SQLException {
        List<AdminRow> admins = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                admins.add(read(rows));
            }
        }
        return admins;
    }

    /** Makes the first administrator; nothing when there is one already. */
    public Optional<Long> addFirst(
            Connection connection, AdminName name, byte[] enrolmentHash, Instant now)
            throws SQLException {
        String sql = "select make_first_admin(?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.value());
            statement.setBytes(2, enrolmentHash);
            statement.setObject(3, SqlTimes.of(now));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return Optional.ofNullable(row.getObject(1, Long.class));
            }
        }
    }

    /** Makes an administrator who is to enrol, as an approval has it. */
    public AdminRow add(
            Connection connection,
            AdminName name,
            AdminRole role,
            int enrolmentParts,
            long approval,
            Instant now)
            throws SQLException {
        String sql =
                "insert into admin_user (username, role, state, enrolment_parts, role_approval_id,"
                        + " enrolment_approval_id, created_at)"
                        + " values (?, ?, 'ENROLLING', ?, ?, ?, ?) returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name.value());
            statement.setString(2, role.name());
            statement.setInt(3, enrolmentParts);
            statement.setLong(4, approval);
            statement.setLong(5, approval);
            statement.setObject(6, SqlTimes.of(now));
            return one(statement).orElseThrow();
        }
    }

    /** Who enrols, or enrolled, as an approval has it; held until the transaction ends. */
    public Optional<AdminRow> holdEnrolledBy(Connection connection, long approval)
            throws SQLException {
        return byId(
                connection,
                "select * from admin_user where enrolment_approval_id = ? for update",
                approval);
    }

    /** Writes what may change of an administrator. */
    public void write(Connection connection, AdminRow row) throws SQLException {
        String sql =
                "update admin_user set role = ?, state = ?, generation = ?, password_hash = ?,"
                        + " sealed_totp = ?, totp_last_step = ?, enrolment_parts = ?,"
                        + " enrolment_hash = ?, decider_hash = ?, enrolment_expires_at = ?,"
                        + " role_approval_id = ?, enrolment_approval_id = ?, last_sign_in_at = ?,"
                        + " oidc_issuer = ?, oidc_subject = ? where admin_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, row.role().name());
            statement.setString(2, row.state().name());
            statement.setInt(3, row.generation());
            statement.setString(4, row.secrets().passwordHash());
            statement.setBytes(5, row.secrets().sealedTotp());
            statement.setLong(6, row.secrets().totpLastStep());
            EnrolmentToken enrolment = row.secrets().enrolment();
            statement.setInt(7, enrolment.parts());
            statement.setBytes(8, enrolment.hash());
            statement.setBytes(9, enrolment.deciderHash());
            statement.setObject(10, orNull(enrolment.expiresAt()));
            statement.setObject(11, row.approvals().role(), Types.BIGINT);
            statement.setObject(12, row.approvals().enrolment(), Types.BIGINT);
            statement.setObject(13, orNull(row.lastSignInAt()));
            ExternalIdentity identity = row.secrets().identity();
            statement.setString(14, identity == null ? null : identity.issuer().toString());
            statement.setString(15, identity == null ? null : identity.subject());
            statement.setLong(16, row.id());
            if (statement.executeUpdate() != 1) {
                throw new IllegalStateException("administrator " + row.id() + " is gone");
            }
        }
    }

    private static @Nullable OffsetDateTime orNull(@Nullable Instant time) {
        return time == null ? null : SqlTimes.of(time);
    }

    private static AdminRow read(ResultSet row) throws SQLException {
        return new AdminRow(
                row.getLong("admin_id"),
                new AdminName(row.getString("username")),
                AdminRole.valueOf(row.getString("role")),
                AdminState.valueOf(row.getString("state")),
                row.getInt("generation"),
                new AdminSecrets(
                        row.getString("password_hash"),
                        row.getBytes("sealed_totp"),
                        row.getLong("totp_last_step"),
                        new EnrolmentToken(
                                row.getInt("enrolment_parts"),
                                row.getBytes("enrolment_hash"),
                                row.getBytes("decider_hash"),
                                time(row, "enrolment_expires_at")),
                        identity(row)),
                new AdminApprovals(
                        row.getObject("role_approval_id", Long.class),
                        row.getObject("enrolment_approval_id", Long.class)),
                SqlTimes.read(row, "created_at"),
                time(row, "last_sign_in_at"));
    }

    private static @Nullable ExternalIdentity identity(ResultSet row) throws SQLException {
        String issuer = row.getString("oidc_issuer");
        return issuer == null
                ? null
                : new ExternalIdentity(URI.create(issuer), row.getString("oidc_subject"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
