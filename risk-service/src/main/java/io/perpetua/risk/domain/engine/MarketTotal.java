package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.orders.OrderFilled;
import io.perpetua.contracts.value.Usd;
import java.math.BigInteger;

/**
 * What a shard's users have traded in one market since it was listed; a trade counts once for each
 * side, so twice over all shards.
 *
 * @param fills how many
 * @param volume the sum of their sizes, in units of 1e-8; it may outgrow a {@code long}
 * @param realised the sum of their profit
 * @param fees the sum of their fees
 */
public record MarketTotal(long fills, BigInteger volume, Usd realised, Usd fees) {
    /** Of nothing. */
    public static final MarketTotal NONE = new MarketTotal(0, BigInteger.ZERO, Usd.ZERO, Usd.ZERO);

    MarketTotal plus(OrderFilled fill) {
        return new MarketTotal(
                fills + 1,
                volume.add(BigInteger.valueOf(fill.size().units())),
                realised.plus(fill.realised()),
                fees.plus(fill.fee()));
    }
}
