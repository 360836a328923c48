package io.perpetua.marketdata.domain.approval;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.marketdata.MarketApprovalState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApprovalRulesTest {
    private static final long EXPIRES = 1_000;

    /** Administrator 7 asked. */
    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    OPEN,     ,  7, true,  1,    OWN_REQUEST
                    OPEN,     ,  7, false, 1,    OWN_REQUEST
                    APPROVED, 8, 7, true,  1,    OWN_REQUEST
                    OPEN,     ,  7, true,  1000, OWN_REQUEST
                    OPEN,     ,  8, true,  999,  Allowed
                    OPEN,     ,  8, false, 999,  Allowed
                    OPEN,     ,  8, true,  1000, APPROVAL_EXPIRED
                    OPEN,     ,  8, false, 1000, APPROVAL_EXPIRED
                    EXPIRED,  ,  8, true,  1000, APPROVAL_EXPIRED
                    APPROVED, 8, 8, true,  2000, Repeated
                    APPROVED, 8, 8, false, 1,    APPROVAL_DECIDED
                    APPROVED, 8, 9, true,  1,    APPROVAL_DECIDED
                    REJECTED, 8, 8, false, 2000, Repeated
                    REJECTED, 8, 8, true,  1,    APPROVAL_DECIDED
                    REJECTED, 8, 9, false, 1,    APPROVAL_DECIDED
                    """)
    void shouldDecideOnceByAnotherOneAndInTime(
            MarketApprovalState state,
            @Nullable Long decidedBy,
            long decider,
            boolean approve,
            long nowMillis,
            String expected) {
        ApprovalRules.Decision decision =
                ApprovalRules.decide(
                        new ApprovalRules.Request(7, state, EXPIRES, decidedBy),
                        decider,
                        approve,
                        nowMillis);

        assertThat(
                        switch (decision) {
                            case ApprovalRules.Decision.Allowed() -> "Allowed";
                            case ApprovalRules.Decision.Repeated() -> "Repeated";
                            case ApprovalRules.Decision.Refused(ApprovalRefusal refusal) ->
                                    refusal.name();
                        })
                .isEqualTo(expected);
    }
}
