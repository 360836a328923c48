package io.perpetua.risk.api;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;

/** What refusals look like over HTTP. */
final class Refusals {
    private Refusals() {}

    static ProblemException subaccountUnknown() {
        return Problem.notFound(
                        Refusal.SUBACCOUNT_UNKNOWN.name(),
                        "there is no such subaccount, or it is not yours")
                .at("subaccountId")
                .exception();
    }

    /** The problem of a change of leverage that was refused. */
    static ProblemException ofLeverage(Refusal refusal) {
        return switch (refusal) {
            case SUBACCOUNT_UNKNOWN -> subaccountUnknown();
            case LEVERAGE_TOO_HIGH ->
                    Problem.refused(refusal, "the leverage is above the market's greatest")
                            .at("leverage")
                            .exception();
            case MARGIN_INSUFFICIENT ->
                    Problem.refused(
                                    refusal,
                                    "the collateral does not cover positions and open orders at"
                                            + " this leverage")
                            .exception();
            case MARK_PRICE_UNAVAILABLE ->
                    Problem.refused(refusal, "there is no fresh mark price to judge it by")
                            .exception();
            case INTERNAL_ERROR ->
                    Problem.of(
                                    500,
                                    refusal.name(),
                                    "the platform failed on this command; nothing took effect")
                            .exception();
            default -> Problem.refused(refusal, "the change is refused").exception();
        };
    }
}
