package io.perpetua.contracts.marketdata;

/** What became of a source's price in the index. */
public enum SourceState {
    /** It counts. */
    USED,

    /** It is more than 5 % off the others, and left out. */
    OUTLIER,

    /** It is zero or less, and left out. */
    INVALID,

    /** It is older than the source's limit or ahead of our clock, and left out. */
    STALE,

    /** The source has said nothing yet. */
    SILENT
}
