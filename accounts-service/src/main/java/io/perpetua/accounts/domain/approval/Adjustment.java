package io.perpetua.accounts.domain.approval;

import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import java.util.Map;

/**
 * A subaccount's USDC corrected by hand, against the house account {@code adjustments}.
 *
 * @param amount positive
 */
public record Adjustment(SubaccountId subaccount, Direction direction, Usd amount) {
    /** Which way the money goes. */
    public enum Direction {
        /** To the subaccount. */
        CREDIT,
        /** From it; only what could be withdrawn. */
        DEBIT
    }

    /** Refuses amounts that aren't positive. */
    public Adjustment {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("an adjustment's amount is positive");
        }
    }

    /** What it is about, as the audit log writes it. */
    public String subject() {
        return subjectOf(subaccount);
    }

    /** What adjustments of a subaccount are about. */
    public static String subjectOf(SubaccountId subaccount) {
        return "subaccount:" + subaccount;
    }

    /** All of it, in one form: what is approved. */
    public String content() {
        return CanonicalJson.of(
                Map.of(
                        "subaccountId",
                        subaccount.toString(),
                        "direction",
                        direction,
                        "amount",
                        amount.toString()));
    }
}
