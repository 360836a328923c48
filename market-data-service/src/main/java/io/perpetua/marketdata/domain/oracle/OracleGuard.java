package io.perpetua.marketdata.domain.oracle;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Amounts;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.Rate;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Judges one market's samples, in the order of ORCL: non-positive, uncertain, stale, jump. A jump
 * (further from the last believed price than {@code maxPriceChange}) is held; the next sample
 * confirms it by lying within {@code maxPriceChange} of it, and is then believed itself.
 */
public final class OracleGuard {
    private static final Rate WIDEST_CONFIDENCE = Rate.ofBasisPoints(200);

    private @Nullable Price believed;
    private @Nullable Price held;

    /**
     * @param believed the last price believed before a restart, if any
     */
    public OracleGuard(@Nullable Price believed) {
        this.believed = believed;
    }

    /** The verdict on {@code sample}, by the limits of {@code market}. */
    public OracleVerdict judge(Market market, OracleSample sample, long nowMillis) {
        if (sample.priceUnits() <= 0) {
            return new OracleVerdict.Rejected(OracleRejection.NON_POSITIVE);
        }
        Price price = new Price(sample.priceUnits());
        if (sample.confidenceUnits() > share(price, WIDEST_CONFIDENCE)) {
            return new OracleVerdict.Rejected(OracleRejection.UNCERTAIN);
        }
        if (nowMillis - sample.publishedAtMillis() > market.stalenessMillis()) {
            return new OracleVerdict.Rejected(OracleRejection.STALE);
        }
        Rate limit = market.maxPriceChange();
        if (isJump(believed, price, limit) && (held == null || isJump(held, price, limit))) {
            held = price;
            return new OracleVerdict.Rejected(OracleRejection.JUMP_UNCONFIRMED);
        }
        believed = price;
        held = null;
        return new OracleVerdict.Believed(price, sample.confidenceUnits());
    }

    private static boolean isJump(@Nullable Price from, Price to, Rate limit) {
        return from != null && Math.absExact(to.units() - from.units()) > share(from, limit);
    }

    /** {@code price x rate} in price units, rounded down. */
    private static long share(Price price, Rate rate) {
        return Amounts.multiplyDivide(
                price.units(), rate.nanos(), 1_000_000_000L, RoundingMode.DOWN);
    }
}
