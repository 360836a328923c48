package io.perpetua.marketdata.domain.funding;

import io.perpetua.contracts.marketdata.Market;

/** A market whose funding comes more or less often. */
public final class OtherInterval {
    private OtherInterval() {}

    /** The next version of {@code market}, with an interval of {@code millis}. */
    public static Market of(Market market, long millis) {
        return new Market(
                market.id(),
                market.symbol(),
                market.baseAsset(),
                market.quoteAsset(),
                market.status(),
                market.version() + 1,
                market.maxLeverage(),
                market.tiers(),
                market.liquidationFee(),
                market.takerFee(),
                market.makerFee(),
                market.tick(),
                market.step(),
                market.minOrderSize(),
                market.maxOrderSize(),
                market.maxOpenInterest(),
                market.marketOrderSlippage(),
                market.priceBand(),
                market.impactNotional(),
                market.maxPriceChange(),
                market.stalenessMillis(),
                millis,
                market.fundingCap(),
                market.insuranceContribution(),
                market.oracleId());
    }
}
