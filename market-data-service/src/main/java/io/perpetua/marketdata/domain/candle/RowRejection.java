package io.perpetua.marketdata.domain.candle;

/**
 * Why a row of recorded history was not taken, in order of precedence. The row can be mended and
 * sent again; the same row is refused again.
 */
public enum RowRejection {
    /** It has not the six cells that the header names. */
    CELLS_NOT_SIX,
    /** Its timestamp is none. */
    TIMESTAMP_MALFORMED,
    /** Its timestamp begins no minute. */
    TIMESTAMP_BEGINS_NO_MINUTE,
    /** Its minute is not over, or before 2009, or before what is kept. */
    TIMESTAMP_OUT_OF_RANGE,
    /** A price is no positive decimal of up to 8 decimals. */
    PRICE_MALFORMED,
    /** low <= open, close <= high does not hold. */
    PRICES_CONTRADICT,
    /** The volume is no decimal of US dollars. */
    VOLUME_MALFORMED,
    /** A row before it has the same minute. */
    MINUTE_REPEATED,
    /** The minute was imported before, with other content. */
    MINUTE_DIFFERS
}
