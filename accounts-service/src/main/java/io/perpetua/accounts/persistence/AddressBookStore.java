package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The addresses that users withdraw to; each once a user. */
@ApplicationScoped
public class AddressBookStore {
    /** An entry as stored. */
    public record AddressRow(
            long id, String label, EvmAddress address, Instant addedAt, Instant usableAt) {}

    /** Holds the user's row, so that one transaction at a time counts what the user has. */
    public void lockUser(Connection connection, UserId user) throws SQLException {
        String sql = "select 1 from app_user where user_id = ? for no key update";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.execute();
        }
    }

    /** The visible user's entry for an address. */
    public Optional<AddressRow> find(Connection connection, EvmAddress address)
            throws SQLException {
        String sql =
                "select * from withdrawal_address where user_id = current_user_id()"
                        + " and address = ?";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, address.hex());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    /** All of the visible user's entries, oldest first. */
    public List<AddressRow> list(Connection connection) throws SQLException {
        String sql =
                "select * from withdrawal_address where user_id = current_user_id()"
                        + " order by address_id";
        List<AddressRow> entries = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                entries.add(read(rows));
            }
        }
        return entries;
    }

    /** Stores an entry. */
    public AddressRow add(
            Connection connection,
            UserId user,
            String label,
            EvmAddress address,
            Instant addedAt,
            Instant usableAt)
            throws SQLException {
        String sql =
                "insert into withdrawal_address (user_id, label, address, added_at, usable_at)"
                        + " values (?, ?, ?, ?, ?) returning address_id";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, user.value());
            statement.setString(2, label);
            statement.setString(3, address.hex());
            statement.setObject(4, SqlTimes.of(addedAt));
            statement.setObject(5, SqlTimes.of(usableAt));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new AddressRow(row.getLong(1), label, address, addedAt, usableAt);
            }
        }
    }

    /** Removes an entry of the visible user. @return the entry as it was */
    public Optional<AddressRow> remove(Connection connection, long id) throws SQLException {
        String sql =
                "delete from withdrawal_address where user_id = current_user_id()"
                        + " and address_id = ? returning *";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(read(row)) : Optional.empty();
            }
        }
    }

    private static AddressRow read(ResultSet row) throws SQLException {
        return new AddressRow(
                row.getLong("address_id"),
                row.getString("label"),
                new EvmAddress(row.getString("address")),
                SqlTimes.read(row, "added_at"),
                SqlTimes.read(row, "usable_at"));
    }
}
