package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.marketdata.domain.oracle.NewestSample;
import io.perpetua.marketdata.domain.oracle.OracleSource;
import io.perpetua.marketdata.domain.pricing.MarketSources;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The sources outside that the configuration names, with the newest sample of each of their
 * products: filled by those who listen to them, read by the shards that make prices.
 */
@ApplicationScoped
public class PriceSources {
    /** The feed under which they are asked. */
    public static final String FEED = "sources";

    private final MarketDataConfig config;
    private final List<Outside> outside = new ArrayList<>();
    private final List<Runnable> bells = new CopyOnWriteArrayList<>();

    PriceSources(MarketDataConfig config) {
        this.config = config;
        if (!config.feed().equals(FEED)) {
            return;
        }
        config.sources().entrySet().stream()
                .filter(source -> source.getValue().enabled())
                .sorted(Map.Entry.comparingByKey())
                .map(source -> Outside.of(source.getKey(), source.getValue()))
                .forEach(outside::add);
        if (outside.isEmpty()) {
            throw new IllegalStateException(
                    "perpetua.market-data.sources names none that is enabled");
        }
    }

    /** Has {@code bell} run whenever a source has said something new; it must not wait. */
    void onNews(Runnable bell) {
        bells.add(bell);
    }

    /** Tells that a source has said something new. */
    public void tellNews() {
        bells.forEach(Runnable::run);
    }

    /**
     * A source that is asked.
     *
     * @param products what it calls each oracle id
     * @param newest the newest sample by product
     */
    public record Outside(
            String name,
            MarketDataConfig.Source config,
            Map<String, String> products,
            Map<String, NewestSample> newest) {
        static Outside of(String name, MarketDataConfig.Source config) {
            Map<String, String> products = new TreeMap<>();
            Map<String, NewestSample> newest = new TreeMap<>();
            for (String product : config.products()) {
                int equals = product.indexOf('=');
                if (equals < 1 || equals == product.length() - 1) {
                    throw new IllegalStateException(
                            "perpetua.market-data.sources."
                                    + name
                                    + ".products are written as BTC/USD=BTCUSDT, not '"
                                    + product
                                    + "'");
                }
                products.put(product.substring(0, equals), product.substring(equals + 1));
                newest.put(product.substring(equals + 1), new NewestSample());
            }
            return new Outside(name, config, Map.copyOf(products), Map.copyOf(newest));
        }
    }

    /** Those that are asked; none unless the feed is theirs. */
    public List<Outside> outside() {
        return List.copyOf(outside);
    }

    /** Where the prices of {@code market} come from. */
    MarketSources of(Market market) {
        if (!config.feed().equals(FEED)) {
            return MarketSources.simulated(config.feedSeed());
        }
        return new MarketSources(
                null,
                of(market, MarketDataConfig.SourceRole.INDEX),
                config.sourcesQuorum(),
                of(market, MarketDataConfig.SourceRole.PERPS));
    }

    private List<OracleSource> of(Market market, MarketDataConfig.SourceRole role) {
        List<OracleSource> sources = new ArrayList<>();
        for (Outside source : outside) {
            String product = source.products().get(market.oracleId());
            NewestSample newest = product == null ? null : source.newest().get(product);
            if (newest != null && source.config().role() == role) {
                sources.add(
                        new OracleSource(
                                source.name(),
                                source.config().weight(),
                                source.config().stalenessMillis(),
                                newest));
            }
        }
        return List.copyOf(sources);
    }
}
