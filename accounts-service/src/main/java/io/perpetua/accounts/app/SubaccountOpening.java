package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.persistence.IdStore;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.SubaccountRow;
import io.perpetua.accounts.persistence.SubaccountRows;
import io.perpetua.contracts.accounts.SubaccountOpened;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;

/** The part that first sign-in and opening a further subaccount share. */
@ApplicationScoped
public class SubaccountOpening {
    private static final int ADDRESS_BYTES = 20;

    private final IdStore ids;
    private final SubaccountRows subaccounts;
    private final LedgerStore ledger;
    private final UserEventPublisher events;
    private final SecureRandom random = new SecureRandom();

    /** With what it writes to. */
    public SubaccountOpening(
            IdStore ids,
            SubaccountRows subaccounts,
            LedgerStore ledger,
            UserEventPublisher events) {
        this.ids = ids;
        this.subaccounts = subaccounts;
        this.ledger = ledger;
        this.events = events;
    }

    /**
     * Opens the user's subaccount {@code number} with an empty account, and publishes it; the
     * transaction's last act.
     */
    SubaccountRow open(Connection connection, UserId user, int number, String name, Instant now)
            throws SQLException {
        SubaccountId id = ids.newSubaccount(connection);
        byte[] address = new byte[ADDRESS_BYTES];
        random.nextBytes(address);
        SubaccountRow row =
                new SubaccountRow(
                        id.value(),
                        user.value(),
                        number,
                        name,
                        "0x" + HexFormat.of().formatHex(address),
                        now);
        subaccounts.persistAndFlush(row);
        ledger.openAccount(connection, user, id, Asset.USDC);
        events.publish(
                connection,
                List.of(new SubaccountOpened(user, id, number, row.address(), now.toEpochMilli())));
        return row;
    }
}
