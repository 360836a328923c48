package io.perpetua.marketdata.domain.candle;

import io.perpetua.contracts.value.MarketId;

/** The sequences of the newest index and mark price of a market that are in its history, or 0. */
public record TickSequences(MarketId market, long oracle, long mark) {
    /** Of a market without history. */
    public static TickSequences none(MarketId market) {
        return new TickSequences(market, 0, 0);
    }

    /** After an index price. */
    public TickSequences withOracle(long sequence) {
        return new TickSequences(market, sequence, mark);
    }

    /** After a mark price. */
    public TickSequences withMark(long sequence) {
        return new TickSequences(market, oracle, sequence);
    }
}
