package io.perpetua.accounts.domain.ledger;

import java.util.regex.Pattern;

/**
 * What an account holds; amounts of all assets count in units of 1e-6.
 *
 * @param code 2 to 12 capital letters and digits
 */
public record Asset(String code) {
    private static final Pattern FORM = Pattern.compile("[A-Z0-9]{2,12}");

    /** The collateral of every market: one USDC is one US dollar. */
    public static final Asset USDC = new Asset("USDC");

    /** Refuses what is no code. */
    public Asset {
        if (!FORM.matcher(code).matches()) {
            throw new IllegalArgumentException("expected 2 to 12 capital letters and digits");
        }
    }

    /** Whether risk-service has the last word on it; of all else accounts-service alone has. */
    public boolean isCollateral() {
        return equals(USDC);
    }

    @Override
    public String toString() {
        return code;
    }
}
