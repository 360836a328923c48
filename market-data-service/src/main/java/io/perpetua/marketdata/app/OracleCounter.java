package io.perpetua.marketdata.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import jakarta.enterprise.context.ApplicationScoped;

/** Counts {@code perpetua_oracle_samples_total} by market and outcome. */
@ApplicationScoped
public class OracleCounter {
    private final MeterRegistry metrics;

    OracleCounter(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void count(Market market, PriceUpdate update) {
        String outcome =
                switch (update) {
                    case PriceUpdate.Priced priced -> "BELIEVED";
                    case PriceUpdate.Withheld withheld -> withheld.reason().name();
                    case PriceUpdate.Unsampled unsampled -> "UNSAMPLED";
                };
        metrics.counter("perpetua.oracle.samples", "market", market.symbol(), "outcome", outcome)
                .increment();
    }
}
