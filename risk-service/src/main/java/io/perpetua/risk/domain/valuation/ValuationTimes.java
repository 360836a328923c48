package io.perpetua.risk.domain.valuation;

/** When users are valued: every so often, and once more at the end of each day of UTC. */
public final class ValuationTimes {
    /** So long before midnight the last valuation of a day begins. */
    public static final long BEFORE_MIDNIGHT_MILLIS = 10_000;

    private static final long DAY_MILLIS = 86_400_000;

    private ValuationTimes() {}

    /** When the one after that of {@code nowMillis} is due. */
    public static long next(long nowMillis, long intervalMillis) {
        long next = nowMillis + intervalMillis;
        long lastOfDay =
                Math.floorDiv(nowMillis, DAY_MILLIS) * DAY_MILLIS
                        + DAY_MILLIS
                        - BEFORE_MIDNIGHT_MILLIS;
        return nowMillis < lastOfDay ? Math.min(next, lastOfDay) : next;
    }
}
