package io.perpetua.orders.domain.market;

import io.perpetua.contracts.value.TradeId;

/**
 * Numbers the trades of one market shard: 40 bits of milliseconds since 2026, 3 of the shard, 10 of
 * count. Rising within the shard, different from every other shard's, below 2^53.
 *
 * <p>When the clock stands still, goes back, or gives too few ids a millisecond, the ids run ahead
 * of it. They never repeat, also after a restart, once {@link #startAfter} has seen the last ids of
 * the shard's markets.
 */
public final class TradeIds {
    private static final long EPOCH_MILLIS = 1_767_225_600_000L;
    private static final int COUNT_BITS = 10;
    private static final int SHARD_BITS = 3;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

    private final long shard;

    /** Milliseconds and count of the last id. */
    private long last;

    /** Of a shard, 0 to 7. */
    public TradeIds(int shard) {
        if (shard < 0 || shard >= 1 << SHARD_BITS) {
            throw new IllegalArgumentException("no market shard has number " + shard);
        }
        this.shard = shard;
    }

    /** Makes all further ids greater than this one of the same shard; 0 says nothing. */
    public void startAfter(long tradeId) {
        long millis = tradeId >>> (COUNT_BITS + SHARD_BITS);
        last = Math.max(last, (millis << COUNT_BITS) | (tradeId & COUNT_MASK));
    }

    /** When the trade of this id was; later where ids ran ahead of the clock. */
    public static long atMillis(long tradeId) {
        return EPOCH_MILLIS + (tradeId >>> (COUNT_BITS + SHARD_BITS));
    }

    /** The next id. */
    public TradeId next(long nowMillis) {
        last = Math.max(last + 1, (nowMillis - EPOCH_MILLIS) << COUNT_BITS);
        long millis = last >>> COUNT_BITS;
        return new TradeId((((millis << SHARD_BITS) | shard) << COUNT_BITS) | (last & COUNT_MASK));
    }
}
