package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.ledger.AssetTransferId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.contracts.value.WithdrawalId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** New ids. */
@ApplicationScoped
public class IdStore {
    /** An id no user had before. */
    public UserId newUser(Connection connection) throws SQLException {
        return new UserId(next(connection, "user_id_sequence"));
    }

    /** An id no subaccount had before. */
    public SubaccountId newSubaccount(Connection connection) throws SQLException {
        return new SubaccountId(next(connection, "subaccount_id_sequence"));
    }

    /** An id no withdrawal had before. */
    public WithdrawalId newWithdrawal(Connection connection) throws SQLException {
        return new WithdrawalId(next(connection, "withdrawal_id_sequence"));
    }

    /** An id no transfer of an asset had before. */
    public AssetTransferId newAssetTransfer(Connection connection) throws SQLException {
        return new AssetTransferId(next(connection, "asset_transfer_id_sequence"));
    }

    private static long next(Connection connection, String sequence) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select nextval(?::regclass)")) {
            statement.setString(1, sequence);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
