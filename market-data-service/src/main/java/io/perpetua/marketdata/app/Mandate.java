package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.AskedFor;
import org.jspecify.annotations.Nullable;

/**
 * By whose word something is carried out.
 *
 * @param by the administrator who decided it; of two who approved it
 * @param reason of who wanted it
 * @param askedFor who asked for it; null where one administrator was enough
 */
record Mandate(Decider by, String reason, @Nullable AskedFor askedFor) {
    @Nullable Long approval() {
        return askedFor == null ? null : askedFor.approval();
    }
}
