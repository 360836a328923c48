package io.perpetua.marketdata.domain.catalogue;

import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.Rate;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the parameters of a market must be, beyond what {@link Market} itself refuses: so that
 * notional is exact, a position can be held and closed, and no rate eats a position.
 */
public final class MarketParameters {
    private static final long ONE = 1_000_000_000;
    private static final Pattern ASSET = Pattern.compile("[A-Z0-9]{1,12}");
    private static final Pattern ORACLE = Pattern.compile("[A-Za-z0-9/_.:-]{1,64}");
    private static final int MOST_TIERS = 16;
    private static final int MOST_LEVERAGE = 100;
    private static final long MOST_IMPACT_MICROS = 1_000_000_000_000_000L;

    /** Tops of books are published every two seconds at least. */
    private static final long LEAST_STALENESS_MILLIS = 3_000;

    private static final long MOST_STALENESS_MILLIS = 300_000;
    private static final long DAY_MILLIS = Duration.ofDays(1).toMillis();

    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "baseAsset",
                            "is 1 to 12 capital letters and digits",
                            m -> ASSET.matcher(m.baseAsset()).matches()),
                    new Rule("quoteAsset", "is USDC", m -> m.quoteAsset().equals("USDC")),
                    new Rule(
                            "symbol",
                            "is the base asset and -PERP",
                            m -> m.symbol().equals(m.baseAsset() + "-PERP")),
                    new Rule(
                            "tiers",
                            "are at most 16, with 0 < maintenanceMargin < initialMargin <= 1",
                            MarketParameters::areTiersSound),
                    new Rule(
                            "maxLeverage",
                            "is at most 100, and 1 / the first tier's initialMargin",
                            m ->
                                    m.maxLeverage() <= MOST_LEVERAGE
                                            && m.maxLeverage()
                                                            * m.tiers()
                                                                    .getFirst()
                                                                    .initialMargin()
                                                                    .nanos()
                                                    <= ONE),
                    new Rule(
                            "liquidationFee",
                            "is from 0 to the first tier's maintenanceMargin",
                            m ->
                                    isWithin(
                                            m.liquidationFee(),
                                            0,
                                            m.tiers().getFirst().maintenanceMargin().nanos())),
                    new Rule(
                            "takerFee",
                            "is from 0 to 0.01",
                            m -> isWithin(m.takerFee(), 0, ONE / 100)),
                    new Rule(
                            "makerFee",
                            "is at most 0.01, and pays out no more than the taker pays",
                            m -> isWithin(m.makerFee(), -m.takerFee().nanos(), ONE / 100)),
                    new Rule(
                            "maxOrderSize",
                            "is a multiple of step and at most 1e12 USD at the tick",
                            m ->
                                    m.maxOrderSize().units() % m.step().units() == 0
                                            && m.carries(m.tick(), m.maxOrderSize())),
                    new Rule(
                            "maxOpenInterest",
                            "is a multiple of step and at least maxOrderSize",
                            m ->
                                    m.maxOpenInterest().units() % m.step().units() == 0
                                            && m.maxOpenInterest().compareTo(m.maxOrderSize())
                                                    >= 0),
                    new Rule(
                            "priceBand",
                            "is above 0 and at most 0.5",
                            m -> isWithin(m.priceBand(), 1, ONE / 2)),
                    new Rule(
                            "marketOrderSlippage",
                            "is above 0 and at most priceBand",
                            m -> isWithin(m.marketOrderSlippage(), 1, m.priceBand().nanos())),
                    new Rule(
                            "impactNotional",
                            "is above 0 and at most 1e9 USD",
                            m ->
                                    m.impactNotional().micros() > 0
                                            && m.impactNotional().micros() <= MOST_IMPACT_MICROS),
                    new Rule(
                            "maxPriceChange",
                            "is above 0 and at most 0.5",
                            m -> isWithin(m.maxPriceChange(), 1, ONE / 2)),
                    new Rule(
                            "stalenessMillis",
                            "is from 3000 to 300000, unless it was less and stays",
                            MarketParameters::isStalenessSound),
                    new Rule(
                            "fundingIntervalMillis",
                            "is from a minute to a day, which it divides",
                            m ->
                                    m.fundingIntervalMillis() >= 60_000
                                            && m.fundingIntervalMillis() <= DAY_MILLIS
                                            && DAY_MILLIS % m.fundingIntervalMillis() == 0),
                    new Rule(
                            "fundingCap",
                            "is above 0 and at most 0.1",
                            m -> isWithin(m.fundingCap(), 1, ONE / 10)),
                    new Rule(
                            "insuranceContribution",
                            "is from 0 to 0.01",
                            m -> isWithin(m.insuranceContribution(), 0, ONE / 100)),
                    new Rule(
                            "oracleId",
                            "is 1 to 64 letters, digits and /_.:-",
                            m -> ORACLE.matcher(m.oracleId()).matches()));

    private MarketParameters() {}

    /** A parameter and what is wrong with it. */
    public record Broken(String field, String detail) {}

    /** Of a version and the one before it, if any. */
    @FunctionalInterface
    private interface Demand {
        boolean holds(Market market, @Nullable Market before);
    }

    private record Rule(String field, String demand, Demand of) {
        Rule(String field, String demand, Predicate<Market> of) {
            this(field, demand, (market, before) -> of.test(market));
        }
    }

    /**
     * The first parameter that is not as it must be, or null.
     *
     * @param before the version before it; null when it is the first
     */
    public static @Nullable Broken firstBroken(Market market, @Nullable Market before) {
        return RULES.stream()
                .filter(rule -> !rule.of.holds(market, before))
                .findFirst()
                .map(rule -> new Broken(rule.field, "'" + rule.field + "' " + rule.demand))
                .orElse(null);
    }

    /** A market of before there was this least may be halted as it is. */
    private static boolean isStalenessSound(Market market, @Nullable Market before) {
        long millis = market.stalenessMillis();
        return millis <= MOST_STALENESS_MILLIS
                && (millis >= LEAST_STALENESS_MILLIS
                        || (before != null && millis == before.stalenessMillis()));
    }

    private static boolean areTiersSound(Market market) {
        return market.tiers().size() <= MOST_TIERS
                && market.tiers().stream().allMatch(MarketParameters::isSound);
    }

    private static boolean isSound(MarginTier tier) {
        return tier.maintenanceMargin().signum() > 0
                && tier.maintenanceMargin().compareTo(tier.initialMargin()) < 0
                && tier.initialMargin().nanos() <= ONE;
    }

    private static boolean isWithin(Rate rate, long leastNanos, long mostNanos) {
        return rate.nanos() >= leastNanos && rate.nanos() <= mostNanos;
    }
}
