package io.perpetua.risk.domain.nonce;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/**
 * A command that was decided under an agent's nonce.
 *
 * @param market its market's id; {@link #NO_MARKET} of one that risk decides alone
 * @param command the command's id
 * @param answer its outcome, where risk decided it alone
 */
public record UsedNonce(
        UserId user,
        AgentNonce nonce,
        int market,
        OrderId command,
        @Nullable PositionEvent answer) {
    /** No market has this id. */
    public static final int NO_MARKET = 0;
}
