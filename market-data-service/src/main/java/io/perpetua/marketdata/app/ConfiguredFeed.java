package io.perpetua.marketdata.app;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.marketdata.domain.oracle.ReplaySpeed;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.file.Path;
import org.jboss.logging.Logger;

/** The feed the configuration names: {@code simulated}, {@code sources} or {@code replay:FILE}. */
@ApplicationScoped
public class ConfiguredFeed {
    private static final Logger LOG = Logger.getLogger(ConfiguredFeed.class);
    private static final String SIMULATED = "simulated";
    private static final String REPLAY = "replay:";
    private static final String REPLAYED_SYMBOL = "BTC-PERP";

    private final MarketDataConfig config;
    private final MarketQueries markets;
    private final LoadBarFileHandler loadBarFile;

    ConfiguredFeed(MarketDataConfig config, MarketQueries markets, LoadBarFileHandler loadBarFile) {
        this.config = config;
        this.markets = markets;
        this.loadBarFile = loadBarFile;
    }

    /**
     * Queues the file's bars where the feed is one.
     *
     * @throws IllegalStateException when the configuration names no feed
     */
    public void prepare() {
        if (config.feed().equals(SIMULATED) || config.feed().equals(PriceSources.FEED)) {
            return;
        }
        if (!config.feed().startsWith(REPLAY)) {
            throw new IllegalStateException(
                    "perpetua.market-data.feed is 'simulated', 'sources' or 'replay:FILE',"
                            + " not '"
                            + config.feed()
                            + "'");
        }
        Market market =
                markets.bySymbol(REPLAYED_SYMBOL)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                REPLAYED_SYMBOL + " is not listed"));
        int queued =
                loadBarFile.handle(
                        market.id(),
                        Path.of(config.feed().substring(REPLAY.length())),
                        ReplaySpeed.parse(config.replayBarsPerSecond()));
        LOG.infof("%d bars of %s are queued to be replayed", queued, REPLAYED_SYMBOL);
    }
}
