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

/**
 * Carries out an adjustment that is approved: a credit at once, in the approval's own transaction;
 * a debit is asked of risk, which has the last word, as with a withdrawal.
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
     * who is leaving for good.
     */
    ApprovalEffect carryOut(
            Connection transaction, ApprovalRow approval, Decider decider, Instant now)
            throws SQLException {
        Adjustment adjustment = parse(approval.content());
        UserId user = users.holderOf(transaction, adjustment.subaccount()).orElseThrow();
        return switch (adjustment.direction()) {
            case CREDIT ->
                    lives.share(transaction, user).state().takesCredits()
                            ? credit(transaction, approval, adjustment, user, decider, now)
                            : new ApprovalEffect.Forbidden(ApprovalRefusal.USER_CLOSING);
            case DEBIT ->
                    new ApprovalEffect.CarriedOut(
                            approvals.decide(
                                    transaction,
                                    approval.id(),
                                    ApprovalState.APPROVED,
                                    decider,
                                    null,
                                    now),
                            new DebitRequested(
                                    user,
                                    adjustment.subaccount(),
                                    new AdjustmentId(approval.id()),
                                    adjustment.amount(),
                                    now.toEpochMilli()));
        };
    }

    /** The database takes the posting only of what is approved by then. */
    private ApprovalEffect credit(
            Connection transaction,
            ApprovalRow approval,
            Adjustment adjustment,
            UserId user,
            Decider decider,
            Instant now)
            throws SQLException {
        LedgerTransaction posting = LedgerTransaction.adjustmentCredit(adjustment.amount());
        Credited credited =
                ledger.credit(transaction, user, adjustment.subaccount(), posting).orElseThrow();
        String transactionId =
                new LedgerTransactionId(
                                adjustment.subaccount(), Asset.USDC, credited.transactions())
                        .toString();
        ApprovalRow executed =
                approvals.decide(
                        transaction,
                        approval.id(),
                        ApprovalState.EXECUTED,
                        decider,
                        CanonicalJson.of(
                                Map.of(
                                        "transactionId",
                                        transactionId,
                                        "creditSequence",
                                        Long.toString(credited.creditSequence()))),
                        now);
        ledger.writeAdjustment(
                transaction,
                user,
                adjustment.subaccount(),
                posting,
                credited,
                new AdjustmentId(approval.id()),
                now);
        return new ApprovalEffect.CarriedOut(
                executed,
                new CollateralCredited(
                        user,
                        adjustment.subaccount(),
                        Asset.USDC.code(),
                        adjustment.amount(),
                        transactionId,
                        credited.creditSequence(),
                        now.toEpochMilli()));
    }

    private Adjustment parse(String content) {
        try {
            JsonNode fields = json.readTree(content);
            return new Adjustment(
                    SubaccountId.parse(fields.path("subaccountId").asText()),
                    Adjustment.Direction.valueOf(fields.path("direction").asText()),
                    Usd.parse(fields.path("amount").asText()));
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("an approval without readable content", damaged);
        }
    }
}
