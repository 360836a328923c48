package io.perpetua.accounts.app;

import io.perpetua.accounts.app.DecideApprovalHandler.DecideApproval;
import io.perpetua.accounts.app.DecideApprovalHandler.DecisionOutcome;
import io.perpetua.accounts.app.DecideApprovalHandler.Verdict;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/**
 * Has the operator be the second pair of eyes where there is no other: whoever asked shows the
 * secret that the service was set up with.
 */
@ApplicationScoped
public class ApproveAsOperatorHandler {
    private final AdminAttempts attempts;
    private final BootstrapSecret secret;
    private final DecideApprovalHandler deciding;
    private final AdminTransactions transactions;

    /** With who decides. */
    public ApproveAsOperatorHandler(
            AdminAttempts attempts,
            BootstrapSecret secret,
            DecideApprovalHandler deciding,
            AdminTransactions transactions) {
        this.attempts = attempts;
        this.secret = secret;
        this.deciding = deciding;
        this.transactions = transactions;
    }

    /** The wish of the administrator who asked. Never printed. */
    public record ApproveAsOperator(
            AdminRow admin, long approval, String secret, AuditOrigin origin) {
        @Override
        public String toString() {
            return "ApproveAsOperator[" + approval + "]";
        }
    }

    /** What became of it. */
    public sealed interface OperatorOutcome {
        /** The secret is right; what came of the approval. */
        record Heard(DecisionOutcome outcome) implements OperatorOutcome {}

        /** It is not the operator's secret. */
        record SecretWrong() implements OperatorOutcome {}

        /** Not looked at: too many attempts have failed. */
        record Blocked(Duration remaining) implements OperatorOutcome {}
    }

    /** Counts the attempt, then judges it. */
    public OperatorOutcome handle(ApproveAsOperator command) {
        AdminRow admin = command.admin();
        Duration wait = attempts.takeOfOperator(admin.username());
        if (wait.isPositive()) {
            return new OperatorOutcome.Blocked(wait);
        }
        if (!secret.is(command.secret())) {
            return new OperatorOutcome.SecretWrong();
        }
        transactions.call(
                admin.id(),
                tx -> {
                    attempts.forgetOfOperator(tx, admin.username());
                    return true;
                });
        return new OperatorOutcome.Heard(
                deciding.handle(
                        new DecideApproval(
                                admin.id(),
                                command.approval(),
                                Verdict.APPROVE_AS_OPERATOR,
                                command.origin())));
    }
}
