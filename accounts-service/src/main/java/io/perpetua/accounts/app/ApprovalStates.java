package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests for approval as the audit log shows them. */
final class ApprovalStates {
    private ApprovalStates() {}

    /** What an administrator did; {@code before} is null when the request is new. */
    static AuditEntry entry(
            long actor,
            AuditAction action,
            @Nullable ApprovalRow before,
            ApprovalRow after,
            AuditOrigin origin) {
        return new AuditEntry(
                AuditActor.admin(actor),
                action,
                "approval:" + after.id(),
                before == null ? null : state(before),
                state(after),
                origin);
    }

    private static String state(ApprovalRow approval) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("kind", approval.kind());
        state.put("subject", approval.subject());
        state.put("content", approval.content());
        state.put("reason", approval.reason());
        state.put("reference", approval.reference());
        state.put("expiresAt", approval.expiresAt().toString());
        state.put("state", approval.state());
        state.put("outcome", approval.outcome());
        if (approval.byOperator()) {
            state.put("byOperator", true);
        }
        return CanonicalJson.of(state);
    }
}
