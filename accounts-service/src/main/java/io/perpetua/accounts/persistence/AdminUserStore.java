package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.RiskLevel;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.PageRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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
            int tradingTier) {}

    /** Which users are asked for; null means any. */
    public record UserFilter(
            @Nullable KycStatus kycStatus,
            @Nullable RiskLevel riskLevel,
            @Nullable String wallet) {}

    /** What a subaccount has of an asset. */
    public record HeldBalance(SubaccountId subaccount, String name, String asset, Usd balance) {}

    /** A page of users, the newest first. */
    public List<UserStanding> page(Connection connection, PageRequest page, UserFilter filter)
            throws SQLException {
        StringBuilder sql = new StringBuilder("select * from app_user where user_id < ?");
        List<String> texts = new ArrayList<>();
        if (filter.kycStatus() != null) {
            sql.append(" and kyc_status = ?");
            texts.add(filter.kycStatus().name());
        }
        if (filter.riskLevel() != null) {
            sql.append(" and risk_level = ?");
            texts.add(filter.riskLevel().name());
        }
        if (filter.wallet() != null) {
            sql.append(" and user_id in (select user_id from wallet where address = ?)");
            texts.add(filter.wallet());
        }
        sql.append(" order by user_id desc limit ?");
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
        return one(connection, "select * from app_user where user_id = ?", user);
    }

    /** The same, held until the transaction ends. */
    public Optional<UserStanding> hold(Connection connection, UserId user) throws SQLException {
        return one(connection, "select * from app_user where user_id = ? for update", user);
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

    private static UserStanding read(ResultSet row) throws SQLException {
        return new UserStanding(
                new UserId(row.getLong("user_id")),
                SqlTimes.read(row, "created_at"),
                SqlTimes.read(row, "last_sign_in_at"),
                KycStatus.valueOf(row.getString("kyc_status")),
                RiskLevel.valueOf(row.getString("risk_level")),
                row.getInt("trading_tier"));
    }
}
