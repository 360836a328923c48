package io.perpetua.marketdata.domain.catalogue;

import io.perpetua.contracts.marketdata.BoundExceeded;
import io.perpetua.contracts.marketdata.MarginTier;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketStatus;
import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What of a change one administrator may not decide alone. Whatever makes a market safer they may,
 * so that an emergency never waits for a second one: to halt, to take cancels or reductions only,
 * to ask for more margin.
 *
 * <p>A parameter that changes is measured against the version that two administrators last agreed
 * on, not the newest one, so that many small changes come to no more than one. Before a market
 * takes orders all are free: opening it takes two, who see the whole of it.
 */
public final class SoloRule {
    private final Market agreed;
    private final Market before;
    private final Market next;
    private final List<BoundExceeded> exceeded = new ArrayList<>();

    private SoloRule(Market agreed, Market before, Market next) {
        this.agreed = agreed;
        this.before = before;
        this.next = next;
    }

    /**
     * What goes beyond the bounds; nothing when one administrator is enough.
     *
     * @param agreed the version that two administrators agreed on last, or the market's first
     * @param before the newest version
     * @param next a version that may follow it
     */
    public static List<BoundExceeded> exceeded(
            Market agreed, Market before, Market next, SoloBounds bounds) {
        SoloRule rule = new SoloRule(agreed, before, next);
        rule.checkStatus();
        if (before.status() != MarketStatus.ANNOUNCED) {
            rule.checkMargins(bounds);
            rule.checkSizes(bounds.sizeRisePercent());
            rule.checkGuards(bounds.guardWideningPercent());
            rule.checkFees(bounds.feeChangePercent());
            rule.checkFunding(bounds.fundingChangePercent());
        }
        return List.copyOf(rule.exceeded);
    }

    /** A market trades by the word of two, and ends so. */
    private void checkStatus() {
        MarketStatus from = before.status();
        MarketStatus to = next.status();
        boolean takesMore =
                to == MarketStatus.ACTIVE
                        || (to == MarketStatus.POST_ONLY && from != MarketStatus.ACTIVE);
        if (to != from && (takesMore || to == MarketStatus.SETTLING)) {
            exceed("status", "from " + from + " to " + to);
        }
    }

    /** Of the tiers that exceed a bound the first is named. */
    private void checkMargins(SoloBounds bounds) {
        rises("maxLeverage", bounds.leverageRisePercent(), Market::maxLeverage);
        int fall = bounds.marginFallPercent();
        int rise = bounds.maintenanceRisePercent();
        boolean _ =
                steps().anyMatch(
                                step ->
                                        falls(
                                                "tiers",
                                                "initialMargin from a notional of " + step + ": ",
                                                fall,
                                                market -> tier(market, step).initialMargin()));
        boolean _ =
                steps().anyMatch(
                                step ->
                                        falls(
                                                "tiers",
                                                maintenanceFrom(step),
                                                fall,
                                                market -> tier(market, step).maintenanceMargin()));
        boolean _ =
                steps().anyMatch(
                                step ->
                                        rises(
                                                "tiers",
                                                maintenanceFrom(step),
                                                rise,
                                                market -> tier(market, step).maintenanceMargin()));
    }

    private static String maintenanceFrom(Usd step) {
        return "maintenanceMargin from a notional of " + step + ": ";
    }

    /** Where a tier of any of the versions begins: between two of them no rate changes. */
    private Stream<Usd> steps() {
        return Stream.of(agreed, before, next)
                .flatMap(market -> market.tiers().stream())
                .map(MarginTier::lowerBound)
                .distinct()
                .sorted();
    }

    private void checkSizes(int percent) {
        rises("minOrderSize", percent, Market::minOrderSize);
        rises("maxOrderSize", percent, Market::maxOrderSize);
        rises("maxOpenInterest", percent, Market::maxOpenInterest);
    }

    private void checkGuards(int percent) {
        rises("marketOrderSlippage", percent, Market::marketOrderSlippage);
        rises("priceBand", percent, Market::priceBand);
        rises("maxPriceChange", percent, Market::maxPriceChange);
        rises("stalenessMillis", percent, Market::stalenessMillis);
        changes("impactNotional", percent, Market::impactNotional);
        if (!next.oracleId().equals(before.oracleId())) {
            exceed("oracleId", "from '%s' to '%s'".formatted(before.oracleId(), next.oracleId()));
        }
    }

    private void checkFees(int percent) {
        changes("liquidationFee", percent, Market::liquidationFee);
        changes("takerFee", percent, Market::takerFee);
        changes("makerFee", percent, Market::makerFee);
        changes("insuranceContribution", percent, Market::insuranceContribution);
    }

    private void checkFunding(int percent) {
        changes("fundingIntervalMillis", percent, Market::fundingIntervalMillis);
        rises("fundingCap", percent, Market::fundingCap);
    }

    private static MarginTier tier(Market market, Usd notional) {
        return market.tiers().reversed().stream()
                .filter(tier -> tier.lowerBound().compareTo(notional) <= 0)
                .findFirst()
                .orElseThrow();
    }

    private void changes(String field, int percent, Function<Market, Object> parameter) {
        rises(field, percent, parameter);
        boolean _ = falls(field, "", percent, parameter);
    }

    private void rises(String field, int percent, Function<Market, Object> parameter) {
        boolean _ = rises(field, "", percent, parameter);
    }

    private boolean rises(
            String field, String of, int percent, Function<Market, Object> parameter) {
        BigDecimal rise = number(parameter, next).subtract(number(parameter, agreed));
        boolean isBeyond = isBeyond(rise, percent, parameter);
        if (isBeyond) {
            exceed(field, of + moves(parameter) + ", more than " + percent + " % up");
        }
        return isBeyond;
    }

    private boolean falls(
            String field, String of, int percent, Function<Market, Object> parameter) {
        BigDecimal fall = number(parameter, agreed).subtract(number(parameter, next));
        boolean isBeyond = isBeyond(fall, percent, parameter);
        if (isBeyond) {
            exceed(field, of + moves(parameter) + ", more than " + percent + " % down");
        }
        return isBeyond;
    }

    /** What stays as it is never stands in the way, of a halt for one. */
    private boolean isBeyond(BigDecimal by, int percent, Function<Market, Object> parameter) {
        BigDecimal most =
                number(parameter, agreed)
                        .abs()
                        .multiply(BigDecimal.valueOf(percent))
                        .movePointLeft(2);
        return !parameter.apply(next).equals(parameter.apply(before)) && by.compareTo(most) > 0;
    }

    private String moves(Function<Market, Object> parameter) {
        return "from " + parameter.apply(agreed) + " to " + parameter.apply(next);
    }

    /** Every parameter writes itself as a plain decimal. */
    private static BigDecimal number(Function<Market, Object> parameter, Market market) {
        return new BigDecimal(parameter.apply(market).toString());
    }

    private void exceed(String field, String detail) {
        exceeded.add(new BoundExceeded("definition." + field, detail));
    }
}
