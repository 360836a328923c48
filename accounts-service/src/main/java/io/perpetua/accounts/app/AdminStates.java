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
                before == null ? null : state(before),
                state(after),
                origin);
    }

    private static String state(AdminRow admin) {
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
        return CanonicalJson.of(state);
    }
}
