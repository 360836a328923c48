package io.perpetua.accounts.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.LedgerTransaction;
import io.perpetua.accounts.domain.ledger.LedgerTransactionId;
import io.perpetua.accounts.persistence.AdminUserStore;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.accounts.persistence.ApprovalStore.Decider;
import io.perpetua.accounts.persistence.LedgerStore;
import io.perpetua.accounts.persistence.LedgerStore.Credited;
import io.perpetua.accounts.persistence.LedgerStore.Moved;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.contracts.accounts.CollateralCredited;
import io.perpetua.contracts.accounts.DebitRequested;
import io.perpetua.contracts.value.AdjustmentId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out an adjustment that is approved: a credit at once, in the approval's own transaction;
 * a debit of collateral is asked of risk, which has the last word, as with a withdrawal; one of
 * another asset is decided at once, under the lock of its account.
 */
@ApplicationScoped
public class AdjustBalance {
    private final ApprovalStore approvals;
    private final LedgerStore ledger;
    private final AdminUserStore users;
    private final UserLifeStore lives;
    private final ObjectMapper json;

    /** With what it writes. */
    public AdjustBalance(
            ApprovalStore approvals,
            LedgerStore ledger,
            AdminUserStore users,
            UserLifeStore lives,
            ObjectMapper json) {
        this.approvals = approvals;
        this.ledger = ledger;
        this.users = users;
        this.lives = lives;
        this.json = json;
    }

    /**
     * Carries out an open request, which {@code decider} approves, unless it would credit a user
     * who is leaving for good, or take more of an asset than there is.
     */
    ApprovalEffect carryOut(
            Connection transaction, ApprovalRow approval, Decider decider, Instant now)
            throws SQLException {
        Adjustment adjustment = parse(approval.content());
        UserId user = users.holderOf(transaction, adjustment.subaccount()).orElseThrow();
        Task task = new Task(approval, adjustment, user, decider, now);
        return switch (adjustment.direction()) {
            case CREDIT ->
                    lives.share(transaction, user).state().takesCredits()
                            ? credit(transaction, task)
                            : new ApprovalEffect.Forbidden(ApprovalRefusal.USER_CLOSING);
            case DEBIT ->
                    adjustment.asset().isCollateral()
                            ? askRisk(transaction, task)
                            : debit(transaction, task);
        };
    }

    /** What is to be carried out, of whom and when. */
    private record Task(
            ApprovalRow approval,
            Adjustment adjustment,
            UserId user,
            Decider decider,
            Instant now) {
        AdjustmentId id() {
            return new AdjustmentId(approval.id());
        }

        String transactionId(long number) {
            return new LedgerTransactionId(adjustment.subaccount(), adjustment.asset(), number)
                    .toString();
        }
    }

    private ApprovalEffect askRisk(Connection transaction, Task task) throws SQLException {
        return new ApprovalEffect.CarriedOut(
                approvals.decide(
                        transaction,
                        task.approval().id(),
                        ApprovalState.APPROVED,
                        task.decider(),
                        null,
                        task.now()),
                new DebitRequested(
                        task.user(),
                        task.adjustment().subaccount(),
                        task.id(),
                        task.adjustment().amount(),
                        task.now().toEpochMilli()));
    }

    private ApprovalEffect credit(Connection transaction, Task task) throws SQLException {
        Adjustment adjustment = task.adjustment();
        Asset asset = adjustment.asset();
        LedgerTransaction posting = LedgerTransaction.adjustmentCredit(asset, adjustment.amount());
        if (!asset.isCollateral()) {
            ledger.openFurtherAccount(transaction, task.user(), adjustment.subaccount(), asset);
        }
        Credited credited =
                ledger.credit(transaction, task.user(), adjustment.subaccount(), posting)
                        .orElseThrow();
        String transactionId = task.transactionId(credited.transactions());
        ApprovalRow executed =
                post(
                        transaction,
                        task,
                        posting,
                        credited,
                        credited.creditSequence(),
                        Map.of(
                                "transactionId",
                                transactionId,
                                "creditSequence",
                                Long.toString(credited.creditSequence())));
        return new ApprovalEffect.CarriedOut(
                executed,
                asset.isCollateral()
                        ? new CollateralCredited(
                                task.user(),
                                adjustment.subaccount(),
                                asset.code(),
                                adjustment.amount(),
                                transactionId,
                                credited.creditSequence(),
                                task.now().toEpochMilli())
                        : null);
    }

    private ApprovalEffect debit(Connection transaction, Task task) throws SQLException {
        Adjustment adjustment = task.adjustment();
        LedgerTransaction posting =
                LedgerTransaction.adjustmentDebit(adjustment.asset(), adjustment.amount());
        Optional<Moved> moved =
                ledger.move(transaction, task.user(), adjustment.subaccount(), posting);
        if (moved.isEmpty()) {
            return new ApprovalEffect.Forbidden(ApprovalRefusal.WITHDRAWABLE_EXCEEDED);
        }
        Moved taken = moved.get();
        return new ApprovalEffect.CarriedOut(
                post(
                        transaction,
                        task,
                        posting,
                        taken.account(),
                        taken.sequence(),
                        Map.of(
                                "transactionId",
                                task.transactionId(taken.account().transactions()),
                                "settlementSequence",
                                Long.toString(taken.sequence()))),
                null);
    }

    /** The database takes the posting only of what is approved by then. */
    private ApprovalRow post(
            Connection transaction,
            Task task,
            LedgerTransaction posting,
            Credited after,
            long sequence,
            Map<String, String> outcome)
            throws SQLException {
        ApprovalRow executed =
                approvals.decide(
                        transaction,
                        task.approval().id(),
                        ApprovalState.EXECUTED,
                        task.decider(),
                        CanonicalJson.of(outcome),
                        task.now());
        ledger.writeAdjustment(
                transaction,
                task.user(),
                task.adjustment().subaccount(),
                posting,
                after,
                sequence,
                task.id(),
                task.now());
        return executed;
    }

    private Adjustment parse(String content) {
        try {
            JsonNode fields = json.readTree(content);
            return new Adjustment(
                    SubaccountId.parse(fields.path("subaccountId").asText()),
                    new Asset(fields.path("asset").asText(Asset.USDC.code())),
                    Adjustment.Direction.valueOf(fields.path("direction").asText()),
                    Usd.parse(fields.path("amount").asText()));
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("an approval without readable content", damaged);
        }
    }
}
