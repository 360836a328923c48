package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * The funding of one market: samples the premium every five seconds while the index is valid and
 * the book is known, and sets the rate of their mean at the end of each interval. Intervals end at
 * multiples of their length since 1970; one that is made shorter ends by its new length, one that
 * is made longer ends when it would have. Each begins where the one before ended, and its rate is
 * for as long as it lasted. Rates are numbered 1, 2, 3 and so on.
 *
 * <p>When the index is not valid at an interval's end, the rate is set with the next valid one. An
 * interval without a sample, or one whose rate is late by an interval, sets none: nobody is charged
 * for a time that nobody measured, and the next interval begins at the newest multiple of its
 * length. Where an administrator's rate stands, it is set in place of that of the mean, sampled or
 * not, and whatever the interval lasted.
 *
 * <p>A market in which nobody can hold a position, because it has not opened or has ended, has no
 * samples and no rates; its numbers go on when it opens, and its first interval begins then.
 *
 * <p>When the clock is set back, a sample that is ahead of it counts as taken now, and an interval
 * that has set its rate sets no other when it ends again.
 */
public final class FundingClock {
    private static final long SAMPLE_MILLIS = 5_000;

    private long sequence;
    private long intervalBeginMillis;
    private long intervalEndMillis;
    private long premiumSumTrillionths;
    private long samples;
    private long sampledAtMillis;
    private long ratedEndMillis;

    /** Before the first sample, or as {@link #state} gave it. */
    public FundingClock(State state) {
        sequence = state.sequence();
        intervalBeginMillis = state.intervalBeginMillis();
        intervalEndMillis = state.intervalEndMillis();
        premiumSumTrillionths = state.premiumSumTrillionths();
        samples = state.samples();
        sampledAtMillis = state.sampledAtMillis();
        ratedEndMillis = state.ratedEndMillis();
    }

    /** The impact prices of a fresh book; null where it can't fill the impact notional. */
    public record Impact(@Nullable Price bid, @Nullable Price ask) {}

    /**
     * Lets time pass with a valid index.
     *
     * @param impact null when the book is not known
     * @param override what an administrator wants, or null
     * @return the rate of the interval that has ended, or null
     */
    public @Nullable FundingRateSet advance(
            Market market,
            Price oracle,
            Price mark,
            @Nullable Impact impact,
            @Nullable FundingOverride override,
            long nowMillis) {
        FundingRateSet set = null;
        long interval = market.fundingIntervalMillis();
        if (!isFunded(market)) {
            intervalEndMillis = 0;
            dropSamples();
            return null;
        }
        if (intervalEndMillis == 0) {
            begin(nowMillis, nowMillis, interval);
        }
        sampledAtMillis = Math.min(sampledAtMillis, nowMillis);
        ratedEndMillis = Math.min(ratedEndMillis, endAfter(nowMillis, interval));
        if (intervalEndMillis > nowMillis + interval) {
            intervalEndMillis = endAfter(nowMillis, interval);
        }
        if (intervalBeginMillis > nowMillis) {
            intervalBeginMillis = beginBefore(nowMillis, interval);
        }
        if (nowMillis >= intervalEndMillis) {
            FundingOverride ordered =
                    override != null && override.covers(intervalEndMillis) ? override : null;
            Rate rate = predicted(market, ordered);
            if (rate != null
                    && nowMillis < intervalEndMillis + interval
                    && intervalEndMillis > ratedEndMillis) {
                FundingKind kind = ordered == null ? FundingKind.AUTOMATIC : ordered.kind();
                set = set(market, kind, rate, oracle, mark, nowMillis);
            }
            begin(
                    Math.max(intervalEndMillis, beginBefore(nowMillis, interval)),
                    nowMillis,
                    interval);
        }
        if (impact != null && nowMillis - sampledAtMillis >= SAMPLE_MILLIS) {
            Premium premium = Premium.of(oracle, impact.bid(), impact.ask());
            premiumSumTrillionths = Math.addExact(premiumSumTrillionths, premium.trillionths());
            samples++;
            sampledAtMillis = nowMillis;
        }
        return set;
    }

    /** Whether positions can be open. */
    private static boolean isFunded(Market market) {
        return switch (market.status()) {
            case POST_ONLY, ACTIVE, REDUCE_ONLY, CANCEL_ONLY, HALTED -> true;
            case ANNOUNCED, SETTLING, DELISTED -> false;
        };
    }

    /**
     * The rate that the running interval ends with if its mean premium stays; null before its first
     * sample, and where nobody can hold a position.
     */
    public @Nullable Rate predicted(Market market, @Nullable FundingOverride override) {
        if (!isFunded(market)) {
            return null;
        }
        if (override != null && override.covers(intervalEndMillis)) {
            return override.within(market);
        }
        return samples == 0 ? null : FundingFormula.ofInterval(market, lastsMillis(market), mean());
    }

    private long lastsMillis(Market market) {
        return intervalBeginMillis == 0
                ? market.fundingIntervalMillis()
                : intervalEndMillis - intervalBeginMillis;
    }

    private FundingRateSet set(
            Market market, FundingKind kind, Rate rate, Price oracle, Price mark, long nowMillis) {
        sequence++;
        ratedEndMillis = intervalEndMillis;
        long premiumNanos =
                Amounts.multiplyDivide(mean().trillionths(), 1, 1_000, RoundingMode.HALF_EVEN);
        return new FundingRateSet(
                market.id(),
                sequence,
                kind,
                rate,
                new Rate(premiumNanos),
                oracle,
                mark,
                intervalEndMillis,
                nowMillis);
    }

    private Premium mean() {
        return new Premium(
                samples == 0
                        ? 0
                        : Amounts.multiplyDivide(
                                premiumSumTrillionths, 1, samples, RoundingMode.HALF_EVEN));
    }

    private static long beginBefore(long nowMillis, long interval) {
        return Math.floorDiv(nowMillis, interval) * interval;
    }

    private static long endAfter(long nowMillis, long interval) {
        return beginBefore(nowMillis, interval) + interval;
    }

    private void begin(long beginMillis, long nowMillis, long interval) {
        intervalBeginMillis = beginMillis;
        intervalEndMillis = endAfter(nowMillis, interval);
        dropSamples();
    }

    private void dropSamples() {
        premiumSumTrillionths = 0;
        samples = 0;
    }

    /** What a restart needs. */
    public State state() {
        return new State(
                sequence,
                intervalBeginMillis,
                intervalEndMillis,
                premiumSumTrillionths,
                samples,
                sampledAtMillis,
                ratedEndMillis);
    }

    /**
     * The clock at rest; all zero before the first sample.
     *
     * @param intervalBeginMillis 0 when not known: the interval is as long as the market's are
     * @param intervalEndMillis 0 when none runs
     * @param ratedEndMillis the end of the newest interval that set a rate
     */
    public record State(
            long sequence,
            long intervalBeginMillis,
            long intervalEndMillis,
            long premiumSumTrillionths,
            long samples,
            long sampledAtMillis,
            long ratedEndMillis) {
        /** Before the first sample. */
        public static final State EMPTY = new State(0, 0, 0, 0, 0, 0, 0);
    }
}
