package io.perpetua.accounts.domain.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.accounts.domain.admin.AdminRole;
import io.perpetua.accounts.domain.admin.AdminState;
import io.perpetua.accounts.domain.approval.ApprovalRules.Decision;
import io.perpetua.accounts.domain.approval.ApprovalRules.Request;
import io.perpetua.accounts.domain.approval.ApprovalRules.Requester;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApprovalRulesTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final long REQUESTER = 1;

    /** In order of precedence; administrator 1 asked, "left" is in seconds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // decider | approve | state | left | decided by | requester | outcome
                "1 | true  | OPEN     | 9  | - | ADMIN        | ACTIVE   | OWN_REQUEST",
                "1 | false | OPEN     | 9  | - | ADMIN        | ACTIVE   | OWN_REQUEST",
                "1 | true  | EXECUTED | 9  | 2 | ADMIN        | ACTIVE   | OWN_REQUEST",
                "3 | true  | EXECUTED | 9  | 2 | ADMIN        | ACTIVE   | APPROVAL_DECIDED",
                "2 | false | APPROVED | 9  | 2 | ADMIN        | ACTIVE   | APPROVAL_DECIDED",
                "2 | true  | REJECTED | 9  | 2 | ADMIN        | ACTIVE   | APPROVAL_DECIDED",
                "2 | true  | OPEN     | 0  | - | ADMIN        | DISABLED | APPROVAL_EXPIRED",
                "2 | false | OPEN     | 0  | - | ADMIN        | ACTIVE   | APPROVAL_EXPIRED",
                "2 | true  | OPEN     | 1  | - | ADMIN        | DISABLED | REQUESTER_NOT_ENTITLED",
                "2 | true  | OPEN     | 1  | - | RISK_MANAGER | ACTIVE   | REQUESTER_NOT_ENTITLED",
                "2 | false | OPEN     | 1  | - | ADMIN        | DISABLED | allowed",
                "2 | true  | OPEN     | 1  | - | ADMIN        | ACTIVE   | allowed",
                "2 | true  | APPROVED | -9 | 2 | ADMIN        | DISABLED | repeated",
                "2 | true  | EXECUTED | -9 | 2 | ADMIN        | ACTIVE   | repeated",
                "2 | true  | REFUSED  | -9 | 2 | ADMIN        | ACTIVE   | repeated",
                "2 | false | REJECTED | -9 | 2 | ADMIN        | ACTIVE   | repeated",
            })
    void shouldReportTheFirstRuleThatIsBroken(
            long decider,
            boolean approve,
            ApprovalState state,
            long left,
            Long decidedBy,
            AdminRole role,
            AdminState requesterState,
            String outcome) {
        Request request =
                new Request(
                        ApprovalKind.ADJUSTMENT,
                        "subaccount:7",
                        REQUESTER,
                        state,
                        NOW.plusSeconds(left),
                        decidedBy);

        Decision decision =
                ApprovalRules.decide(
                        request, new Requester(role, requesterState), decider, approve, NOW);

        assertThat(decision).isEqualTo(expected(outcome));
    }

    @ParameterizedTest
    @CsvSource({
        "admin:2, OWN_CASE",
        "admin:3, allowed",
        "admin:bob, allowed",
    })
    void shouldLetNobodyDecideOnTheirOwnCase(String subject, String outcome) {
        Decision decision =
                ApprovalRules.decide(
                        request(ApprovalKind.ADMIN_RESET, subject, ApprovalState.OPEN, null),
                        new Requester(AdminRole.SUPER_ADMIN, AdminState.ACTIVE),
                        2,
                        true,
                        NOW);

        assertThat(decision).isEqualTo(expected(outcome));
    }

    /** Administrator 1 asked. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // kind | by | another could | state | decided by | outcome
                "ADMIN_MAKING    | 1 | false | OPEN     | - | allowed",
                "ADMIN_PROMOTION | 1 | false | OPEN     | - | allowed",
                "ADMIN_RESET     | 1 | false | OPEN     | - | allowed",
                "ADMIN_MAKING    | 1 | true  | OPEN     | - | OPERATOR_NOT_NEEDED",
                "ADMIN_MAKING    | 2 | false | OPEN     | - | OPERATOR_NOT_NEEDED",
                "ADJUSTMENT      | 1 | false | OPEN     | - | OPERATOR_NOT_NEEDED",
                "ADMIN_MAKING    | 1 | true  | EXECUTED | 1 | repeated",
                "ADMIN_MAKING    | 1 | false | EXECUTED | 2 | APPROVAL_DECIDED",
                "ADMIN_MAKING    | 1 | false | REJECTED | 2 | APPROVAL_DECIDED",
            })
    void shouldLetTheOperatorApproveOnlyWhereNobodyElseCould(
            ApprovalKind kind,
            long administrator,
            boolean anotherCould,
            ApprovalState state,
            Long decidedBy,
            String outcome) {
        Decision decision =
                ApprovalRules.approveAsOperator(
                        request(kind, "admin:bob", state, decidedBy),
                        new Requester(AdminRole.SUPER_ADMIN, AdminState.ACTIVE),
                        administrator,
                        anotherCould,
                        NOW);

        assertThat(decision).isEqualTo(expected(outcome));
    }

    private static Request request(
            ApprovalKind kind, String subject, ApprovalState state, Long decidedBy) {
        return new Request(kind, subject, REQUESTER, state, NOW.plusSeconds(9), decidedBy);
    }

    private static Decision expected(String outcome) {
        return switch (outcome) {
            case "allowed" -> new Decision.Allowed();
            case "repeated" -> new Decision.Repeated();
            default -> new Decision.Refused(ApprovalRefusal.valueOf(outcome));
        };
    }
}
