package io.perpetua.accounts.domain.approval;

import io.perpetua.accounts.domain.admin.AdminName;
import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import java.util.Map;

/** A change of administrators that takes two. */
public sealed interface AdminChange {
    /** An administrator is made, who is to enrol. */
    record Making(AdminName username, AdminRole role) implements AdminChange {}

    /** An administrator gets a role that may do more. */
    record Promotion(long admin, AdminRole role) implements AdminChange {}

    /** An administrator's secrets are void, and they enrol anew. */
    record Reset(long admin) implements AdminChange {}

    /** What of it takes two. */
    default ApprovalKind kind() {
        return switch (this) {
            case Making _ -> ApprovalKind.ADMIN_MAKING;
            case Promotion _ -> ApprovalKind.ADMIN_PROMOTION;
            case Reset _ -> ApprovalKind.ADMIN_RESET;
        };
    }

    /** What it is about, as the audit log writes it: by name whoever has no id yet. */
    default String subject() {
        return switch (this) {
            case Making making -> "admin:" + making.username();
            case Promotion promotion -> subjectOf(promotion.admin());
            case Reset reset -> subjectOf(reset.admin());
        };
    }

    /** What changes of an administrator are about. */
    static String subjectOf(long admin) {
        return "admin:" + admin;
    }

    /** All of it, in one form: what is approved. */
    default String content() {
        return CanonicalJson.of(
                switch (this) {
                    case Making making ->
                            Map.of("username", making.username().value(), "role", making.role());
                    case Promotion promotion ->
                            Map.of(
                                    "adminId",
                                    Long.toString(promotion.admin()),
                                    "role",
                                    promotion.role());
                    case Reset reset -> Map.of("adminId", Long.toString(reset.admin()));
                });
    }
}
