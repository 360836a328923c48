package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.FundingKind;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.Rate;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A rate that an administrator wants instead of the automatic one: each interval of the market that
 * ends after {@code fromMillis} and not after {@code untilMillis} sets it.
 *
 * @param number 1, 2, 3 and so on of each market; the newest one counts
 * @param kind manual or emergency
 * @param rate of a whole interval
 */
public record FundingOverride(
        MarketId market,
        long number,
        FundingKind kind,
        Rate rate,
        long fromMillis,
        long untilMillis) {
    /** How far from zero an emergency's rate may be, where the market's cap is less. */
    public static final Rate EMERGENCY_CAP = Rate.parse("0.25");

    /** How long one may stand. */
    public static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(7);

    /** Decides on a market's next one. */
    public static FundingDecision decide(
            Market market,
            long number,
            FundingKind kind,
            Rate rate,
            long untilMillis,
            long nowMillis) {
        if (market.status().isEnded()) {
            return new FundingDecision.Refused(
                    FundingRefusal.MARKET_ENDED, "symbol", "the market has ended");
        }
        Rate cap = cap(market, kind);
        if (rate.abs().compareTo(cap) > 0) {
            return new FundingDecision.Refused(
                    FundingRefusal.RATE_ABOVE_CAP,
                    "rate",
                    "a rate of this kind is within plus or minus " + cap);
        }
        if (untilMillis <= nowMillis || untilMillis > nowMillis + LONGEST_MILLIS) {
            return new FundingDecision.Refused(
                    FundingRefusal.END_INVALID, "until", "it ends within the next seven days");
        }
        return new FundingDecision.Accepted(
                new FundingOverride(market.id(), number, kind, rate, nowMillis, untilMillis));
    }

    /** What of a rate goes beyond what one administrator may set. */
    public static List<BoundExceeded> exceeded(Rate rate, Rate soloMost) {
        return rate.abs().compareTo(soloMost) <= 0
                ? List.of()
                : List.of(
                        new BoundExceeded(
                                "rate",
                                rate + ", further from zero than plus or minus " + soloMost));
    }

    private static Rate cap(Market market, FundingKind kind) {
        Rate own = market.fundingCap();
        return kind == FundingKind.EMERGENCY && own.compareTo(EMERGENCY_CAP) < 0
                ? EMERGENCY_CAP
                : own;
    }

    /** Whether an interval that ends then sets it. */
    public boolean covers(long intervalEndMillis) {
        return fromMillis < intervalEndMillis && intervalEndMillis <= untilMillis;
    }

    /** The rate, within what the market's cap, which may be another by now, lets it be. */
    Rate within(Market current) {
        long cap = cap(current, kind).nanos();
        return new Rate(Math.clamp(rate.nanos(), -cap, cap));
    }
}
