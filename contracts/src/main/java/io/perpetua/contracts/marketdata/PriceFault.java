package io.perpetua.contracts.marketdata;

/**
 * Why a price is not valid, by ORCL; in order of precedence. A price without a fault is good for
 * every use. One with a fault is the last that was valid, unless a constant says otherwise.
 */
public enum PriceFault {
    /** The sources say zero or less. Good for nothing. */
    NON_POSITIVE(false),

    /** More than five times, or less than a fifth of, the hour's average. Good for nothing. */
    VOLATILE(false),

    /**
     * The confidence is too wide for the price. Triggers and reducing orders go on; the price is
     * the uncertain one where that lies within the market's {@code maxPriceChange} of the last
     * valid one.
     */
    UNCERTAIN(true),

    /** Every source is silent or late. Good for nothing. */
    STALE(false),

    /** Fewer sources agree than must. Good for nothing. */
    TOO_FEW_SOURCES(false),

    /** It has moved further than one update may, and nothing has confirmed that yet. */
    JUMP_UNCONFIRMED(true);

    private final boolean isTolerable;

    PriceFault(boolean isTolerable) {
        this.isTolerable = isTolerable;
    }

    /** Whether {@code use} puts up with this. */
    public boolean permits(PriceUse use) {
        return switch (use) {
            case INCREASE_RISK, LIQUIDATE -> false;
            case TRIGGER, REDUCE -> isTolerable;
        };
    }
}
