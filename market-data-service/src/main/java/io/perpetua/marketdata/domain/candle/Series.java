package io.perpetua.marketdata.domain.candle;

/** What candles are made of; those of one kind are never mixed with those of another. */
public enum Series {
    /** What traded here. */
    TRADES,
    /** Index prices as they were published, the valid ones; nothing is traded in them. */
    ORACLE,
    /** History that was recorded elsewhere, with its volume in US dollars. */
    IMPORT
}
