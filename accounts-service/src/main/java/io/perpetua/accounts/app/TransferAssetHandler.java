package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.AssetTransferId;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.withdrawal.RequestRefusal;
import io.perpetua.accounts.persistence.AssetTransferStore;
import io.perpetua.accounts.persistence.AssetTransferStore.AssetTransferRow;
import io.perpetua.accounts.persistence.IdStore;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.LedgerStore.Moved;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.Standing;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Moves an asset that is no collateral between two subaccounts of a user, once under the client's
 * own id for it: both transactions of the ledger and the transfer's row are one commit. A user's
 * transfers come one after the other, so that none finds its two accounts locked the other way
 * round.
 */
@ApplicationScoped
public class TransferAssetHandler {
    private final AssetTransferStore transfers;
    private final UserLifeStore lives;
    private final LedgerStore ledger;
    private final LedgerReads reads;
    private final IdStore ids;
    private final UserTransactions transactions;
    private final Clock clock;
    private final KeptAssets assets;

    /** With what it reads and writes. */
    public TransferAssetHandler(
            AssetTransferStore transfers,
            UserLifeStore lives,
            LedgerStore ledger,
            LedgerReads reads,
            IdStore ids,
            UserTransactions transactions,
            Clock clock,
            AssetSettings assets) {
        this.transfers = transfers;
        this.lives = lives;
        this.ledger = ledger;
        this.reads = reads;
        this.ids = ids;
        this.transactions = transactions;
        this.clock = clock;
        this.assets = assets.kept();
    }

    /** What is to move where. */
    public record TransferAsset(
            UserId user,
            SubaccountId from,
            SubaccountId to,
            Asset asset,
            Usd amount,
            String clientTransferId) {}

    /** What became of it. */
    public sealed interface TransferOutcome {
        /** It has moved, now or by an earlier request with the same content. */
        record Transferred(AssetTransferRow transfer, boolean repeated)
                implements TransferOutcome {}

        /** The client's id for it was used for another transfer from the subaccount. */
        record ClientIdReused() implements TransferOutcome {}

        /** The platform keeps no such asset. */
        record AssetNotKept() implements TransferOutcome {}

        /** The user has no such subaccount. */
        record AccountUnknown(SubaccountId subaccount) implements TransferOutcome {}

        /** The user may move nothing now. */
        record Restricted(RequestRefusal refusal) implements TransferOutcome {}

        /** The subaccount has less than is to be moved. */
        record Exceeded(Usd available) implements TransferOutcome {}
    }

    /** Moves the amount unless a rule forbids it. */
    public TransferOutcome handle(TransferAsset command) {
        return transactions.call(command.user(), tx -> decide(tx, command));
    }

    private TransferOutcome decide(Connection connection, TransferAsset command)
            throws SQLException {
        Standing standing = lives.hold(connection, command.user());
        Optional<AssetTransferRow> earlier =
                transfers.find(connection, command.from(), command.clientTransferId());
        if (earlier.isPresent()) {
            return sameContent(earlier.get(), command)
                    ? new TransferOutcome.Transferred(earlier.get(), true)
                    : new TransferOutcome.ClientIdReused();
        }
        if (!assets.has(command.asset())) {
            return new TransferOutcome.AssetNotKept();
        }
        RequestRefusal restricted = RequestWithdrawalHandler.restriction(standing);
        if (restricted != null) {
            return new TransferOutcome.Restricted(restricted);
        }
        for (SubaccountId subaccount : List.of(command.from(), command.to())) {
            if (!reads.hasAccount(connection, subaccount, Asset.USDC.code())) {
                return new TransferOutcome.AccountUnknown(subaccount);
            }
        }
        return move(connection, command);
    }

    private static boolean sameContent(AssetTransferRow earlier, TransferAsset command) {
        return earlier.to().equals(command.to())
                && earlier.asset().equals(command.asset().code())
                && earlier.amount().equals(command.amount());
    }

    private TransferOutcome move(Connection connection, TransferAsset command) throws SQLException {
        UserId user = command.user();
        Asset asset = command.asset();
        LedgerTransaction out = LedgerTransaction.transferOut(asset, command.amount());
        Optional<Moved> taken = ledger.move(connection, user, command.from(), out);
        if (taken.isEmpty()) {
            return new TransferOutcome.Exceeded(ledger.balance(connection, command.from(), asset));
        }
        LedgerTransaction in = LedgerTransaction.transferIn(asset, command.amount());
        ledger.openFurtherAccount(connection, user, command.to(), asset);
        Moved added = ledger.move(connection, user, command.to(), in).orElseThrow();
        AssetTransferId id = ids.newAssetTransfer(connection);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        ledger.writeTransfer(
                connection, user, command.from(), out, taken.get(), id, command.to(), now);
        ledger.writeTransfer(connection, user, command.to(), in, added, id, command.from(), now);
        AssetTransferRow transfer =
                new AssetTransferRow(
                        id,
                        command.from(),
                        command.to(),
                        asset.code(),
                        command.amount(),
                        command.clientTransferId(),
                        now);
        transfers.add(connection, user, transfer);
        return new TransferOutcome.Transferred(transfer, false);
    }
}
