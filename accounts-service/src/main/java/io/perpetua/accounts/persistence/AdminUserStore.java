package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.user.EmailAddress;
import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.RiskLevel;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.domain.user.Username;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Users as administrators see them, and what is decided about them. */
@ApplicationScoped
public class AdminUserStore {
    /** A user. */
    public record UserStanding(
            UserId user,
            Instant createdAt,
            Instant lastSignInAt,
            KycStatus kycStatus,
            RiskLevel riskLevel,
            int tradingTier,
            UserState state,
            @Nullable Instant suspendedAt,
            @Nullable String suspensionReason,
            @Nullable String username,
            @Nullable String email,
            @Nullable String referralCode,
            @Nullable UserId referrer) {
        /** The same, with what is decided about them. */
        public UserStanding with(KycStatus kyc, RiskLevel level, int tier) {
            return new UserStanding(
                    user,
                    createdAt,
                    lastSignInAt,
                    kyc,
                    level,
                    tier,
                    state,
                    suspendedAt,
                    suspensionReason,
                    username,
                    email,
                    referralCode,
                    referrer);
        }

        /** The same, suspended since then for that reason, or not. */
        public UserStanding suspended(@Nullable Instant since, @Nullable String reason) {
            return new UserStanding(
                    user,
                    createdAt,
                    lastSignInAt,
                    kycStatus,
                    riskLevel,
                    tradingTier,
                    state,
                    since,
                    reason,
                    username,
                    email,
                    referralCode,
                    referrer);
        }

        /** Without what tells who it is. */
        @Override
        public String toString() {
            return "UserStanding[" + user + "]";
        }
    }

    /** Which users are asked for; null means any. */
    public record UserFilter(
            @Nullable KycStatus kycStatus,
            @Nullable RiskLevel riskLevel,
            @Nullable UserState state,
            @Nullable Boolean suspended,
            @Nullable String wallet,
            @Nullable Username username,
            @Nullable EmailAddress email) {
        /** Those with this e-mail address, whatever its case. */
        public static UserFilter with(EmailAddress email) {
            return new UserFilter(null, null, null, null, null, null, email);
        }
    }

    private static final String USERS =
            "select u.*, p.username, p.email, p.referral_code, p.referrer_id from app_user u"
                    + " left join user_profile p on p.user_id = u.user_id";

    /** What a subaccount has of an asset. */
    public record HeldBalance(SubaccountId subaccount, String name, String asset, Usd balance) {}

    /** A page of users, the newest first. */
    public List<UserStanding> page(Connection connection, PageRequest page, UserFilter filter)
            throws SQLException {
        StringBuilder sql = new StringBuilder(USERS + " where u.user_id < ?");
        List<String> texts = new ArrayList<>();
        if (filter.kycStatus() != null) {
            sql.append(" and u.kyc_status = ?");
            texts.add(filter.kycStatus().name());
        }
        if (filter.riskLevel() != null) {
            sql.append(" and u.risk_level = ?");
            texts.add(filter.riskLevel().name());
        }
        if (filter.wallet() != null) {
            sql.append(" and u.user_id in (select user_id from wallet where address = ?)");
            texts.add(filter.wallet());
        }
        if (filter.state() != null) {
            sql.append(" and u.state = ?");
            texts.add(filter.state().name());
        }
        if (filter.suspended() != null) {
            sql.append(" and (u.suspended_at is not null) = ?::boolean");
            texts.add(filter.suspended().toString());
        }
        if (filter.username() != null) {
            sql.append(" and lower(p.username) = lower(?)");
            texts.add(filter.username().value());
        }
        if (filter.email() != null) {
            sql.append(" and lower(p.email) = lower(?)");
            texts.add(filter.email().value());
        }
        sql.append(" order by u.user_id desc limit ?");
        List<UserStanding> users = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            statement.setLong(1, page.after() == null ? Long.MAX_VALUE : page.after().id());
            int index = 2;
            for (String text : texts) {
                statement.setString(index, text);
                index++;
            }
            statement.setInt(index, page.rows());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    users.add(read(rows));
                }
            }
        }
        return users;
    }

    /** A user. */
    public Optional<UserStanding> find(Connection connection, UserId user) throws SQLException {
        return one(connection, USERS + " where u.user_id = ?", user);
    }

    /** The same, held until the transaction ends. */
    public Optional<UserStanding> hold(Connection connection, UserId user) throws SQLException {
        return one(connection, USERS + " where u.user_id = ? for no key update of u", user);
    }

    private static Optional<UserStanding> one(Connection connection, String sql, UserId user)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** Whose a subaccount is. */
    public Optional<UserId> holderOf(Connection connection, SubaccountId subaccount)
            throws SQLException {
        String sql = "select user_id from subaccount where subaccount_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, subaccount.value());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(new UserId(row.getLong(1))) : Optional.empty();
            }
        }
    }

    /** What the user's subaccounts hold. */
    public List<HeldBalance> balances(Connection connection, UserId user) throws SQLException {
        String sql =
                "select s.subaccount_id, s.name, c.asset, c.balance_micros from subaccount s"
                        + " join customer_account c using (subaccount_id) where s.user_id = ?"
                        + " order by s.number, c.asset";
        List<HeldBalance> balances = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    balances.add(
                            new HeldBalance(
                                    new SubaccountId(rows.getLong("subaccount_id")),
                                    rows.getString("name"),
                                    rows.getString("asset"),
                                    new Usd(rows.getLong("balance_micros"))));
                }
            }
        }
        return balances;
    }

    /** The user's wallets. */
    public List<String> wallets(Connection connection, UserId user) throws SQLException {
        String sql = "select address from wallet where user_id = ? order by linked_at, address";
        List<String> wallets = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    wallets.add(rows.getString("address"));
                }
            }
        }
        return wallets;
    }

    /** Writes what is decided about a user. */
    public void write(Connection connection, UserStanding user) throws SQLException {
        String sql =
                "update app_user set kyc_status = ?, risk_level = ?, trading_tier = ?"
                        + " where user_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, user.kycStatus().name());
            statement.setString(2, user.riskLevel().name());
            statement.setInt(3, user.tradingTier());
            statement.setLong(4, user.user().value());
            statement.executeUpdate();
        }
    }

    /** Writes whether a user is suspended. */
    public void writeSuspension(Connection connection, UserStanding user) throws SQLException {
        String sql =
                "update app_user set suspended_at = ?, suspension_reason = ? where user_id = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            Instant since = user.suspendedAt();
            statement.setObject(
                    1, since == null ? null : SqlTimes.of(since), Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(2, user.suspensionReason(), Types.VARCHAR);
            statement.setLong(3, user.user().value());
            statement.executeUpdate();
        }
    }

    private static UserStanding read(ResultSet row) throws SQLException {
        long referrer = row.getLong("referrer_id");
        return new UserStanding(
                new UserId(row.getLong("user_id")),
                SqlTimes.read(row, "created_at"),
                SqlTimes.read(row, "last_sign_in_at"),
                KycStatus.valueOf(row.getString("kyc_status")),
                RiskLevel.valueOf(row.getString("risk_level")),
                row.getInt("trading_tier"),
                UserState.valueOf(row.getString("state")),
                SqlTimes.readNullable(row, "suspended_at"),
                row.getString("suspension_reason"),
                row.getString("username"),
                row.getString("email"),
                row.getString("referral_code"),
                referrer == 0 ? null : new UserId(referrer));
    }
}
