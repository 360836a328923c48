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
                        REQUESTER,
                        state,
                        NOW.plusSeconds(left),
                        decidedBy);

        Decision decision =
                ApprovalRules.decide(
                        request, new Requester(role, requesterState), decider, approve, NOW);

        Decision expected =
                switch (outcome) {
                    case "allowed" -> new Decision.Allowed();
                    case "repeated" -> new Decision.Repeated();
                    default -> new Decision.Refused(ApprovalRefusal.valueOf(outcome));
                };
        assertThat(decision).isEqualTo(expected);
    }
}
