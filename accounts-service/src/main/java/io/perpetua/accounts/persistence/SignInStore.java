package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.signin.SignInNonce;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;

/** Nonces that were used, and what a transaction may see before anybody is signed in. */
@ApplicationScoped
public class SignInStore {
    private static final int CLEANED_AT_ONCE = 20;

    /**
     * Lets the transaction see the wallet it has proven, and makes whatever else is done with the
     * same wallet wait for its end.
     */
    public void actForWallet(Connection connection, Wallet wallet) throws SQLException {
        String sql =
                "select set_config('perpetua.wallet_address', ?, true),"
                        + " pg_advisory_xact_lock(hashtextextended(?, 0))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, wallet.stored());
            statement.setString(2, wallet.stored());
            statement.execute();
        }
    }

    /** Makes whatever else is done with the wallet wait for the transaction's end. */
    public void lockWallet(Connection connection, Wallet wallet) throws SQLException {
        String sql = "select pg_advisory_xact_lock(hashtextextended(?, 0))";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, wallet.stored());
            statement.execute();
        }
    }

    /** Lets the transaction see the rows of the user it has found or made. */
    public void actForUser(Connection connection, UserId user) throws SQLException {
        String sql = "select set_config('perpetua.user_id', ?, true)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, user.toString());
            statement.execute();
        }
    }

    /** Uses a nonce up. @return false when it was used before */
    public boolean use(Connection connection, SignInNonce nonce) throws SQLException {
        String sql =
                "insert into used_nonce (nonce, expires_at) values (?, ?) on conflict do nothing";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, nonce.text());
            statement.setObject(2, SqlTimes.of(nonce.expiresAt()));
            return statement.executeUpdate() == 1;
        }
    }

    /**
     * Forgets some of the nonces that have expired; more than are added, so the table stays small.
     */
    public void forgetExpired(Connection connection, Instant now) throws SQLException {
        String sql =
                "delete from used_nonce where nonce in (select nonce from used_nonce"
                        + " where expires_at < ? order by expires_at limit ?"
                        + " for update skip locked)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setObject(1, SqlTimes.of(now));
            statement.setInt(2, CLEANED_AT_ONCE);
            statement.executeUpdate();
        }
    }
}
