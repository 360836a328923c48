package io.perpetua.accounts.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.approval.AdminChange;
import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.domain.approval.ApprovalState;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.persistence.AdminStore;
import io.perpetua.accounts.persistence.AdminStore.AdminApprovals;
import io.perpetua.accounts.persistence.AdminStore.AdminRow;
import io.perpetua.accounts.persistence.AdminStore.AdminSecrets;
import io.perpetua.accounts.persistence.AdminStore.EnrolmentToken;
import io.perpetua.accounts.persistence.ApprovalStore;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.accounts.persistence.ApprovalStore.Decider;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a change of administrators that is approved, in the approval's own transaction. Who
 * is to enrol then needs what {@link TakeEnrolmentPartHandler} hands out to each of the two.
 */
@ApplicationScoped
public class ChangeAdmins {
    private final ApprovalStore approvals;
    private final ApprovalRequests requests;
    private final AdminStore admins;
    private final AuditTrail audit;
    private final ObjectMapper json;

    /** With what it writes. */
    public ChangeAdmins(
            ApprovalStore approvals,
            ApprovalRequests requests,
            AdminStore admins,
            AuditTrail audit,
            ObjectMapper json) {
        this.approvals = approvals;
        this.requests = requests;
        this.admins = admins;
        this.audit = audit;
        this.json = json;
    }

    /** Carries out an open request, which {@code decider} approves, unless something forbids it. */
    ApprovalEffect carryOut(
            Connection transaction,
            ApprovalRow approval,
            Decider decider,
            AuditOrigin origin,
            Instant now)
            throws SQLException {
        AdminChange change = parse(approval);
        Optional<ApprovalRefusal> refusal = refusal(transaction, change, approval.requestedBy());
        if (refusal.isPresent()) {
            return new ApprovalEffect.Forbidden(refusal.get());
        }
        Optional<AdminRow> before = before(transaction, change);
        ApprovalRow executed =
                approvals.decide(
                        transaction,
                        approval.id(),
                        ApprovalState.EXECUTED,
                        decider,
                        outcome(change, decider),
                        now);
        AdminRow after = changed(transaction, change, before.orElse(null), executed, now);
        audit.append(
                transaction,
                AdminStates.entry(
                        decider.admin(),
                        before.isEmpty() ? AuditAction.ADMIN_MADE : AuditAction.ADMIN_CHANGED,
                        before.orElse(null),
                        after,
                        origin));
        if (change instanceof AdminChange.Reset reset) {
            requests.rejectAllOf(transaction, reset.admin(), decider.admin(), origin);
        }
        return new ApprovalEffect.CarriedOut(executed, null);
    }

    /** Whom it is about; nobody yet where one is made. */
    private Optional<AdminRow> before(Connection transaction, AdminChange change)
            throws SQLException {
        return switch (change) {
            case AdminChange.Making _ -> Optional.empty();
            case AdminChange.Promotion promotion ->
                    Optional.of(admins.hold(transaction, promotion.admin()).orElseThrow());
            case AdminChange.Reset reset ->
                    Optional.of(admins.hold(transaction, reset.admin()).orElseThrow());
        };
    }

    /**
     * Why it can't be done as things are, for whoever asks. Whoever asks for a reset has a part of
     * the token to enrol with, so that is another one than who is reset; and as they still may ask,
     * a super-administrator who can sign in remains. Whoever calls it has passed the gate.
     */
    Optional<ApprovalRefusal> refusal(Connection transaction, AdminChange change, long asking)
            throws SQLException {
        return switch (change) {
            case AdminChange.Making making ->
                    admins.named(transaction, making.username())
                            .map(_ -> ApprovalRefusal.USERNAME_TAKEN);
            case AdminChange.Promotion promotion ->
                    admins.hold(transaction, promotion.admin())
                            .filter(about -> !promotion.role().mayMoreThan(about.role()))
                            .map(_ -> ApprovalRefusal.NO_PROMOTION);
            case AdminChange.Reset reset ->
                    reset.admin() == asking
                            ? Optional.of(ApprovalRefusal.OWN_CASE)
                            : Optional.empty();
        };
    }

    private AdminRow changed(
            Connection transaction,
            AdminChange change,
            @Nullable AdminRow before,
            ApprovalRow executed,
            Instant now)
            throws SQLException {
        if (change instanceof AdminChange.Making making) {
            return admins.add(
                    transaction,
                    making.username(),
                    making.role(),
                    parts(executed.byOperator()),
                    executed.id(),
                    now);
        }
        AdminRow known = Objects.requireNonNull(before);
        AdminRow after =
                change instanceof AdminChange.Promotion promotion
                        ? known.inRole(
                                promotion.role(),
                                new AdminApprovals(executed.id(), known.approvals().enrolment()))
                        : known.with(
                                AdminState.ENROLLING,
                                AdminSecrets.enrolling(
                                        new EnrolmentToken(
                                                parts(executed.byOperator()), null, null, null)),
                                new AdminApprovals(known.approvals().role(), executed.id()));
        admins.write(transaction, after);
        return after;
    }

    /** The operator holds no part: they have the service's secrets anyway. */
    private static int parts(boolean byOperator) {
        return byOperator ? 1 : 2;
    }

    private static String outcome(AdminChange change, Decider decider) {
        return CanonicalJson.of(
                change instanceof AdminChange.Promotion promotion
                        ? Map.of("role", promotion.role())
                        : Map.of(
                                "state",
                                AdminState.ENROLLING,
                                "enrolmentParts",
                                Integer.toString(parts(decider.byOperator()))));
    }

    private AdminChange parse(ApprovalRow approval) {
        try {
            JsonNode fields = json.readTree(approval.content());
            return switch (approval.kind()) {
                case ADMIN_MAKING ->
                        new AdminChange.Making(
                                new AdminName(fields.path("username").asText()), role(fields));
                case ADMIN_PROMOTION -> new AdminChange.Promotion(admin(fields), role(fields));
                case ADMIN_RESET -> new AdminChange.Reset(admin(fields));
                case ADJUSTMENT ->
                        throw new IllegalArgumentException("an adjustment changes nobody");
            };
        } catch (JsonProcessingException damaged) {
            throw new IllegalStateException("an approval without readable content", damaged);
        }
    }

    private static AdminRole role(JsonNode fields) {
        return AdminRole.valueOf(fields.path("role").asText());
    }

    private static long admin(JsonNode fields) {
        return Long.parseLong(fields.path("adminId").asText());
    }
}
