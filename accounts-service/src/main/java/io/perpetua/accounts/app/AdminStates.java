package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.admin.ExternalIdentity;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the audit log says of administrators: never a secret. */
final class AdminStates {
    private AdminStates() {}

    static AuditEntry entry(
            long actor,
            AuditAction action,
            @Nullable AdminRow before,
            AdminRow after,
            AuditOrigin origin) {
        return new AuditEntry(
                AuditActor.admin(actor),
                action,
                "admin:" + after.id(),
                before == null ? null : CanonicalJson.of(state(before)),
                CanonicalJson.of(state(after)),
                origin);
    }

    /** What one says who took a part of the token that an administrator enrols with. */
    static AuditEntry partTaken(
            long actor, AdminRow before, AdminRow after, int part, AuditOrigin origin) {
        Map<String, @Nullable Object> state = state(after);
        state.put("enrolmentPartTaken", part);
        state.put("approval", after.approvals().enrolment());
        return new AuditEntry(
                AuditActor.admin(actor),
                AuditAction.ADMIN_CHANGED,
                "admin:" + after.id(),
                CanonicalJson.of(state(before)),
                CanonicalJson.of(state),
                origin);
    }

    private static Map<String, @Nullable Object> state(AdminRow admin) {
        Map<String, @Nullable Object> state = new HashMap<>();
        state.put("username", admin.username().value());
        state.put("role", admin.role());
        state.put("state", admin.state());
        state.put("generation", admin.generation());
        ExternalIdentity identity = admin.secrets().identity();
        if (identity != null) {
            state.put("issuer", identity.issuer().toString());
            state.put("subject", identity.subject());
        }
        return state;
    }
}
