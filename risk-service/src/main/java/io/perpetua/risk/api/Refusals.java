package io.perpetua.risk.api;

import io.perpetua.contracts.orders.Refusal;
import io.perpetua.contracts.risk.TransferRefusal;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Problem;
import io.perpetua.edge.ProblemException;
import org.jspecify.annotations.Nullable;

/** What refusals look like over HTTP. */
final class Refusals {
    private static final String NONCE_OUT_OF_WINDOW =
            "the nonce is more than two days old or more than a day ahead";
    private static final String NONCE_TOO_LOW = "the nonce is below the 100 highest used";
    private static final String NONCE_REUSED = "the nonce was used for another request";

    private Refusals() {}

    static ProblemException subaccountUnknown() {
        return Problem.notFound(
                        Refusal.SUBACCOUNT_UNKNOWN.name(),
                        "there is no such subaccount, or it is not yours")
                .at("subaccountId")
                .exception();
    }

    /** The problem of an agent's nonce under which nothing is decided. */
    private static ProblemException ofNonce(Enum<?> refusal, String detail) {
        return Problem.conflict(refusal.name(), detail).at("Perpetua-Nonce").exception();
    }

    /** The problem of a change of leverage that was refused. */
    static ProblemException ofLeverage(Refusal refusal) {
        return switch (refusal) {
            case NONCE_OUT_OF_WINDOW -> ofNonce(refusal, NONCE_OUT_OF_WINDOW);
            case NONCE_TOO_LOW -> ofNonce(refusal, NONCE_TOO_LOW);
            case NONCE_REUSED -> ofNonce(refusal, NONCE_REUSED);
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
            case MARK_PRICE_UNAVAILABLE -> markPriceUnavailable();
            case INTERNAL_ERROR -> internalError();
            case USER_CLOSED -> userMayNot(refusal, "the user is deleted");
            case USER_DEACTIVATED -> userMayNot(refusal, "the user is deactivated");
            case USER_SUSPENDED -> userMayNot(refusal, "the user is suspended");
            default -> Problem.refused(refusal, "the change is refused").exception();
        };
    }

    /** The problem of a transfer that was refused. */
    static ProblemException ofTransfer(TransferRefusal refusal, @Nullable Usd withdrawable) {
        return switch (refusal) {
            case NONCE_OUT_OF_WINDOW -> ofNonce(refusal, NONCE_OUT_OF_WINDOW);
            case NONCE_TOO_LOW -> ofNonce(refusal, NONCE_TOO_LOW);
            case NONCE_REUSED -> ofNonce(refusal, NONCE_REUSED);
            case SUBACCOUNT_UNKNOWN ->
                    Problem.notFound(
                                    refusal.name(),
                                    "there is no such subaccount, or it is not yours")
                            .exception();
            case TRANSFER_ID_REUSED ->
                    Problem.conflict(
                                    refusal.name(),
                                    "another transfer was made under this clientTransferId")
                            .at("clientTransferId")
                            .exception();
            case USER_CLOSED -> userMayNot(refusal, "the user is deleted");
            case USER_DEACTIVATED -> userMayNot(refusal, "the user is deactivated");
            case USER_SUSPENDED -> userMayNot(refusal, "the user is suspended");
            case MARK_PRICE_UNAVAILABLE -> markPriceUnavailable();
            case WITHDRAWABLE_EXCEEDED ->
                    Problem.of(
                                    422,
                                    refusal.name(),
                                    "at most " + withdrawable + " may leave the subaccount now")
                            .at("amount")
                            .exception();
            case INTERNAL_ERROR -> internalError();
        };
    }

    private static ProblemException userMayNot(Enum<?> refusal, String why) {
        return Problem.refused(refusal, why).exception();
    }

    private static ProblemException markPriceUnavailable() {
        return Problem.refused(
                        Refusal.MARK_PRICE_UNAVAILABLE,
                        "there is no fresh mark price to judge it by")
                .exception();
    }

    private static ProblemException internalError() {
        return Problem.of(
                        500,
                        Refusal.INTERNAL_ERROR.name(),
                        "the platform failed on this command; nothing took effect")
                .exception();
    }
}
