package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.approval.Adjustment;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.Conclusion;
import io.perpetua.contracts.risk.DebitRefused;
import io.perpetua.contracts.risk.DebitTaken;
import io.perpetua.contracts.value.Usd;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes note of what risk decided on administrators' debits, in the settlements' commit. */
@ApplicationScoped
public class ConcludeDebits {
    private static final AuditActor RISK = AuditActor.service("risk-service");

    private final ApprovalStore approvals;
    private final AuditTrail audit;

    /** With what it writes. */
    public ConcludeDebits(ApprovalStore approvals, AuditTrail audit) {
        this.approvals = approvals;
        this.audit = audit;
    }

    /** Ends the approvals that these were asked for. */
    void conclude(Connection transaction, List<DebitTaken> taken, List<DebitRefused> refused)
            throws SQLException {
        List<Conclusion> conclusions = new ArrayList<>();
        taken.forEach(one -> conclusions.add(of(one)));
        refused.forEach(one -> conclusions.add(of(one)));
        if (conclusions.isEmpty()) {
            return;
        }
        approvals.conclude(transaction, conclusions);
        for (Conclusion conclusion : conclusions) {
            audit.append(
                    transaction,
                    new AuditEntry(
                            RISK,
                            AuditAction.APPROVAL_CONCLUDED,
                            "approval:" + conclusion.id(),
                            state(ApprovalState.APPROVED, null),
                            state(conclusion.state(), conclusion.outcome()),
                            AuditOrigin.NONE));
        }
    }

    private static Conclusion of(DebitTaken taken) {
        Adjustment adjustment =
                new Adjustment(
                        taken.subaccount(), Asset.USDC, Adjustment.Direction.DEBIT, taken.amount());
        return new Conclusion(
                taken.adjustment().value(),
                adjustment.subject(),
                adjustment.content(),
                ApprovalState.EXECUTED,
                CanonicalJson.of(Map.of("settlementSequence", Long.toString(taken.sequence()))),
                Instant.ofEpochMilli(taken.atMillis()));
    }

    private static Conclusion of(DebitRefused refused) {
        Map<String, @Nullable Object> outcome = new LinkedHashMap<>();
        outcome.put("refusal", refused.refusal());
        Usd withdrawable = refused.withdrawable();
        if (withdrawable != null) {
            outcome.put("withdrawable", withdrawable.toString());
        }
        return new Conclusion(
                refused.adjustment().value(),
                Adjustment.subjectOf(refused.subaccount()),
                null,
                ApprovalState.REFUSED,
                CanonicalJson.of(outcome),
                Instant.ofEpochMilli(refused.atMillis()));
    }

    private static String state(ApprovalState state, @Nullable String outcome) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("state", state);
        fields.put("outcome", outcome);
        return CanonicalJson.of(fields);
    }
}
