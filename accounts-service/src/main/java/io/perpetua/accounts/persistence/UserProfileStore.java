package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.user.EmailAddress;
import io.perpetua.accounts.domain.user.ReferralCode;
import io.perpetua.accounts.domain.user.Username;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What users say of themselves. */
@ApplicationScoped
public class UserProfileStore {
    private static final String UNIQUE_VIOLATION = "23505";

    /** A profile. Never printed. */
    public record Profile(
            @Nullable Username username,
            @Nullable EmailAddress email,
            ReferralCode referralCode,
            @Nullable ReferralCode referrerCode) {}

    /** Another user has the name. */
    public static final class UsernameTakenException extends RuntimeException {
        UsernameTakenException() {
            super("the username is another user's", null, false, false);
        }
    }

    /** Makes an empty profile. @return false when the code is another user's */
    public boolean create(Connection connection, UserId user, ReferralCode code)
            throws SQLException {
        String sql =
                "insert into user_profile (user_id, referral_code) values (?, ?)"
                        + " on conflict (referral_code) do nothing";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setString(2, code.value());
            return statement.executeUpdate() == 1;
        }
    }

    /** The visible user's profile; nothing when they are deleted. */
    public Optional<Profile> find(Connection connection, UserId user) throws SQLException {
        return find(connection, user, "");
    }

    /** The same, held until the transaction ends. */
    public Optional<Profile> hold(Connection connection, UserId user) throws SQLException {
        return find(connection, user, " for no key update");
    }

    private static Optional<Profile> find(Connection connection, UserId user, String tail)
            throws SQLException {
        String sql = "select * from user_profile where user_id = ?" + tail;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String username = row.getString("username");
                String email = row.getString("email");
                String referrer = row.getString("referrer_code");
                return Optional.of(
                        new Profile(
                                username == null ? null : new Username(username),
                                email == null ? null : new EmailAddress(email),
                                new ReferralCode(row.getString("referral_code")),
                                referrer == null ? null : new ReferralCode(referrer)));
            }
        }
    }

    /**
     * Writes name and e-mail.
     *
     * @throws UsernameTakenException when another user has the name; the transaction is void
     */
    public void write(
            Connection connection,
            UserId user,
            @Nullable Username username,
            @Nullable EmailAddress email)
            throws SQLException {
        String sql = "update user_profile set username = ?, email = ? where user_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, username == null ? null : username.value(), Types.VARCHAR);
            statement.setObject(2, email == null ? null : email.value(), Types.VARCHAR);
            statement.setLong(3, user.value());
            statement.executeUpdate();
        } catch (SQLException refused) {
            if (UNIQUE_VIOLATION.equals(refused.getSQLState())) {
                throw new UsernameTakenException();
            }
            throw refused;
        }
    }

    /** Whose a code is. */
    public @Nullable UserId referrerWith(Connection connection, ReferralCode code)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select referrer_with(?)")) {
            statement.setString(1, code.value());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long user = row.getLong(1);
                return row.wasNull() ? null : new UserId(user);
            }
        }
    }

    /** Sets who brought the user. */
    public void refer(Connection connection, UserId user, UserId referrer, ReferralCode code)
            throws SQLException {
        String sql =
                "update user_profile set referrer_id = ?, referrer_code = ?"
                        + " where user_id = ? and referrer_id is null";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, referrer.value());
            statement.setString(2, code.value());
            statement.setLong(3, user.value());
            statement.executeUpdate();
        }
    }
}
