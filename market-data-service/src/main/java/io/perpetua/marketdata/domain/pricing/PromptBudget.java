package io.perpetua.marketdata.domain.pricing;

/**
 * How often a market's prices may be published ahead of their interval: so many times within any
 * second, all at once if need be, and evenly as long as there is more.
 */
public final class PromptBudget {
    private static final long WINDOW_MILLIS = 1_000;

    private final long spaceMillis;
    private long freeAtMillis;

    /**
     * @param perSecond 1 to 1,000
     */
    public PromptBudget(int perSecond) {
        if (perSecond < 1 || perSecond > WINDOW_MILLIS) {
            throw new IllegalArgumentException("prompt prices a second are 1 to 1,000");
        }
        spaceMillis = WINDOW_MILLIS / perSecond;
    }

    /** Whether one more may be published now. A clock that was set back frees it all. */
    public boolean allows(long nowMillis) {
        long usedMillis = freeAtMillis - nowMillis;
        return usedMillis > WINDOW_MILLIS || usedMillis + spaceMillis <= WINDOW_MILLIS;
    }

    /** One was. */
    public void take(long nowMillis) {
        boolean isSetBack = freeAtMillis - nowMillis > WINDOW_MILLIS;
        freeAtMillis = (isSetBack ? nowMillis : Math.max(freeAtMillis, nowMillis)) + spaceMillis;
    }
}
