package io.perpetua.accounts.domain.approval;

import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import java.util.HashMap;
import java.util.Map;

/**
 * What a subaccount has of an asset corrected by hand, against the house account {@code
 * adjustments}.
 *
 * @param amount positive
 */
public record Adjustment(SubaccountId subaccount, Asset asset, Direction direction, Usd amount) {
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

    /** All of it, in one form: what is approved. The collateral goes without saying. */
    public String content() {
        Map<String, Object> fields = new HashMap<>();
        fields.put("subaccountId", subaccount.toString());
        fields.put("direction", direction);
        fields.put("amount", amount.toString());
        if (!asset.isCollateral()) {
            fields.put("asset", asset.code());
        }
        return CanonicalJson.of(fields);
    }
}
