package io.perpetua.marketdata.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.marketdata.PriceFault;
import io.perpetua.contracts.marketdata.SourcePrice;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts {@code perpetua_oracle_samples_total} by market and outcome, which is {@code BELIEVED} or
 * the guard's fault, and {@code perpetua_oracle_source_votes_total} by market, source and what
 * became of the source's price.
 */
@ApplicationScoped
public class OracleCounter {
    private final MeterRegistry metrics;

    OracleCounter(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void count(Market market, PriceUpdate update) {
        String outcome =
                switch (update) {
                    case PriceUpdate.Priced priced -> outcome(priced.oracle().fault());
                    case PriceUpdate.Withheld withheld -> withheld.fault().name();
                    case PriceUpdate.Unremarkable unremarkable -> "UNREMARKABLE";
                    case PriceUpdate.Unsampled unsampled -> "UNSAMPLED";
                };
        metrics.counter("perpetua.oracle.samples", "market", market.symbol(), "outcome", outcome)
                .increment();
        if (update instanceof PriceUpdate.Priced priced) {
            countSources(market, priced.oracle());
        }
    }

    private static String outcome(@Nullable PriceFault fault) {
        return fault == null ? "BELIEVED" : fault.name();
    }

    private void countSources(Market market, OraclePrice index) {
        List<SourcePrice> sources = index.sources();
        if (sources != null) {
            for (SourcePrice source : sources) {
                metrics.counter(
                                "perpetua.oracle.source.votes",
                                "market",
                                market.symbol(),
                                "source",
                                source.name(),
                                "state",
                                source.state().name())
                        .increment();
            }
        }
    }
}
