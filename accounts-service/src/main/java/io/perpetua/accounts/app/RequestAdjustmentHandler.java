package io.perpetua.accounts.app;

import io.perpetua.accounts.app.ApprovalRequests.RequestOutcome;
import io.perpetua.accounts.app.ApprovalRequests.Wanted;
import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalKind;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.persistence.AdminUserStore;
import io.perpetua.accounts.persistence.LedgerReads;
import io.perpetua.contracts.value.SubaccountId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Takes an administrator's request to adjust a balance, once under its external reference, for
 * another administrator to decide. Nothing moves yet.
 */
@ApplicationScoped
public class RequestAdjustmentHandler {
    private final ApprovalRequests requests;
    private final AdminUserStore users;
    private final LedgerReads ledger;
    private final AdminTransactions transactions;
    private final KeptAssets assets;

    /** With what it reads and writes. */
    public RequestAdjustmentHandler(
            ApprovalRequests requests,
            AdminUserStore users,
            LedgerReads ledger,
            AdminTransactions transactions,
            AssetSettings assets) {
        this.requests = requests;
        this.users = users;
        this.ledger = ledger;
        this.transactions = transactions;
        this.assets = assets.kept();
    }

    /** An administrator's request; {@code reference} says what it settles outside the platform. */
    public record RequestAdjustment(
            long actor,
            Adjustment adjustment,
            String reason,
            String reference,
            AuditOrigin origin) {}

    /** Takes the request. */
    public RequestOutcome handle(RequestAdjustment command) {
        return transactions.call(command.actor(), tx -> take(tx, command));
    }

    private RequestOutcome take(Connection transaction, RequestAdjustment command)
            throws SQLException {
        Wanted wanted =
                new Wanted(
                        command.actor(),
                        ApprovalKind.ADJUSTMENT,
                        command.adjustment().subject(),
                        command.adjustment().content(),
                        command.reason(),
                        command.reference(),
                        command.origin());
        Optional<RequestOutcome> before = requests.before(transaction, wanted);
        if (before.isPresent()) {
            return before.get();
        }
        SubaccountId subaccount = command.adjustment().subaccount();
        Asset asset = command.adjustment().asset();
        if (users.holderOf(transaction, subaccount).isEmpty()) {
            return new RequestOutcome.SubjectUnknown();
        }
        return assets.has(asset) || ledger.hasAccount(transaction, subaccount, asset.code())
                ? requests.take(transaction, wanted)
                : new RequestOutcome.AssetNotKept(asset, assets.codes());
    }
}
