package io.perpetua.marketdata.app;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.FundingRateSet;
import io.perpetua.contracts.marketdata.MarkPrice;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.OraclePrice;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.eventlog.Eventlog;
import io.perpetua.eventlog.InputTopic;
import io.perpetua.eventlog.Outgoing;
import io.perpetua.eventlog.ShardGroup;
import io.perpetua.eventlog.Writes;
import io.perpetua.marketdata.domain.funding.FundingOverride;
import io.perpetua.marketdata.domain.oracle.BarReplay;
import io.perpetua.marketdata.domain.pricing.MarketPricing;
import io.perpetua.marketdata.domain.pricing.PriceUpdate;
import io.perpetua.marketdata.persistence.CatalogueStore;
import io.perpetua.marketdata.persistence.FundingOverrideStore;
import io.perpetua.marketdata.persistence.FundingStore;
import io.perpetua.marketdata.persistence.PriceStore;
import io.perpetua.marketdata.persistence.ReplayStore;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;

/**
 * The shards that make prices, a market's by its id. No sequence is ever issued twice, whoever
 * owned the shard before: those that may have been issued since the last commit are left out. So a
 * commit need not outlive a crash of the database, nor precede the prices of sources outside.
 * Prices are published as the newest value, not numbered: a lost one is followed by the next.
 * Funding rates are numbered, and stored in the commit that numbers them, which does outlive it.
 *
 * <p>Times {@code perpetua_price_publication_seconds}, in buckets of 1 ms to 1 s: from when the
 * oldest of the sources' messages was received that a look found, to when the log has the mark made
 * of it. A move too small to be published before its interval counts from the look that published
 * it.
 */
@Singleton
public class PriceShards implements ShardGroup<PriceShard, Connection> {
    private static final Logger LOG = Logger.getLogger(PriceShards.class);
    private static final long SHORTEST_INTERVAL_MILLIS = 100;
    private static final Duration[] PUBLICATIONS =
            LongStream.of(1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1_000)
                    .mapToObj(Duration::ofMillis)
                    .toArray(Duration[]::new);
    private static final int BARS_AHEAD = 500;
    private static final int BARS_A_READ = 1_000;

    private final Eventlog eventlog;
    private final MarketDataConfig config;
    private final BookTops tops;
    private final PriceSources sources;
    private final OracleCounter counter;
    private final CatalogueStore catalogue;
    private final PriceStore prices;
    private final FundingStore fundings;
    private final FundingOverrideStore overrides;
    private final ReplayStore replays;
    private final Map<MarketId, Market> inForce = new ConcurrentHashMap<>();
    private final NewsTimes news = new NewsTimes(Partitions.MARKETS);
    private final Timer publications;

    PriceShards(
            Eventlog eventlog,
            MarketDataConfig config,
            BookTops tops,
            PriceSources sources,
            OracleCounter counter,
            CatalogueStore catalogue,
            PriceStore prices,
            FundingStore fundings,
            FundingOverrideStore overrides,
            ReplayStore replays,
            MeterRegistry metrics) {
        if (config.updateIntervalMillis() < SHORTEST_INTERVAL_MILLIS) {
            throw new IllegalArgumentException(
                    "perpetua.market-data.update-interval-millis is at least "
                            + SHORTEST_INTERVAL_MILLIS);
        }
        if (config.promptPerSecond() < 0 || config.promptPerSecond() > 1_000) {
            throw new IllegalArgumentException(
                    "perpetua.market-data.prompt-per-second is 0 to 1,000");
        }
        if (config.promptMovePpm() < 0) {
            throw new IllegalArgumentException(
                    "perpetua.market-data.prompt-move-ppm is not negative");
        }
        this.eventlog = eventlog;
        this.config = config;
        this.tops = tops;
        this.sources = sources;
        this.counter = counter;
        this.catalogue = catalogue;
        this.prices = prices;
        this.fundings = fundings;
        this.overrides = overrides;
        this.replays = replays;
        publications =
                Timer.builder("perpetua.price.publication")
                        .serviceLevelObjectives(PUBLICATIONS)
                        .register(metrics);
    }

    @Override
    public String name() {
        return "market-data-prices";
    }

    @Override
    public int shards() {
        return Partitions.MARKETS;
    }

    @Override
    public List<InputTopic> inputs() {
        return List.of();
    }

    @Override
    public void bell(Runnable ring) {
        if (config.promptPerSecond() > 0) {
            sources.onNews(
                    () -> {
                        news.heard(System.nanoTime());
                        ring.run();
                    });
        }
    }

    @Override
    public PriceShard create(int index) {
        return new PriceShard(index, config, tops, counter, news, this::publish);
    }

    @Override
    public void load(List<PriceShard> shards, Connection transaction) throws SQLException {
        Map<MarketId, MarketPricing.State> states = prices.all(transaction);
        List<Market> markets = catalogue.all(transaction);
        for (PriceShard shard : shards) {
            for (Market market : markets) {
                MarketPricing.State state = states.get(market.id());
                if (Partitions.of(market.id()) == shard.index()) {
                    shard.markets()
                            .put(
                                    market.id(),
                                    state == null
                                            ? MarketPricing.first(market, sources.of(market))
                                            : MarketPricing.restored(
                                                    market,
                                                    sources.of(market),
                                                    state.leavingOut(PriceShard.RESERVED)));
                }
            }
        }
        refreshOverrides(shards, transaction);
        refreshReplays(shards, transaction);
    }

    @Override
    public void flush(List<PriceShard> changed, Connection transaction, Writes writes)
            throws SQLException {
        List<MarketPricing.State> states = new ArrayList<>();
        List<FundingRateSet> rates = new ArrayList<>();
        for (PriceShard shard : changed) {
            rates.addAll(shard.takeRates());
            states.addAll(shard.takeStates());
            forgetPlayed(shard, transaction);
        }
        if (!states.isEmpty()) {
            boolean lasting = !rates.isEmpty() || changed.stream().anyMatch(PriceShard::mustLast);
            prices.put(transaction, states, lasting);
            if (lasting) {
                changed.forEach(PriceShard::last);
            }
        }
        fundings.add(writes, rates);
        List<PriceShard> due = changed.stream().filter(PriceShard::isRefreshDue).toList();
        if (!due.isEmpty()) {
            adoptCatalogue(due, transaction);
            refreshOverrides(due, transaction);
            refreshReplays(due, transaction);
        }
    }

    private void adoptCatalogue(List<PriceShard> shards, Connection transaction)
            throws SQLException {
        for (Market market : catalogue.changed(transaction, inForce.values())) {
            inForce.put(market.id(), market);
        }
        for (PriceShard shard : shards) {
            for (Market market : inForce.values()) {
                if (Partitions.of(market.id()) == shard.index()) {
                    MarketPricing known = shard.markets().get(market.id());
                    if (known == null) {
                        shard.markets()
                                .put(market.id(), MarketPricing.first(market, sources.of(market)));
                    } else if (known.market().version() < market.version()) {
                        shard.markets().put(market.id(), known.under(market, sources.of(market)));
                    }
                }
            }
        }
    }

    private void refreshOverrides(List<PriceShard> shards, Connection transaction)
            throws SQLException {
        Map<MarketId, FundingOverride> standing = overrides.standing(transaction);
        for (PriceShard shard : shards) {
            shard.markets().forEach((id, market) -> market.order(standing.get(id)));
        }
    }

    private void refreshReplays(List<PriceShard> shards, Connection transaction)
            throws SQLException {
        Map<MarketId, ReplayStore.Replay> all = replays.all(transaction);
        for (PriceShard shard : shards) {
            for (Map.Entry<MarketId, MarketPricing> entry : shard.markets().entrySet()) {
                ReplayStore.Replay replay = all.get(entry.getKey());
                if (replay != null) {
                    refresh(shard, entry.getKey(), entry.getValue(), replay, transaction);
                }
            }
        }
    }

    /**
     * In the commit that says how much of the next bar has passed, so that none is played again.
     */
    private void forgetPlayed(PriceShard shard, Connection transaction) throws SQLException {
        for (Map.Entry<MarketId, MarketPricing> entry : shard.markets().entrySet()) {
            Long played = entry.getValue().replay().takePlayedMillis();
            Long generation = shard.replayGenerations().get(entry.getKey());
            if (played != null && generation != null) {
                replays.deletePlayed(transaction, entry.getKey(), generation, played);
            }
        }
    }

    /** Obeys a dropped queue, and reads what comes next. */
    private void refresh(
            PriceShard shard,
            MarketId market,
            MarketPricing pricing,
            ReplayStore.Replay replay,
            Connection transaction)
            throws SQLException {
        Long known = shard.replayGenerations().put(market, replay.generation());
        if (known != null && known != replay.generation()) {
            pricing.endReplay();
        }
        BarReplay bars = pricing.replay();
        bars.speed(replay.barsPerSecondMicros() * config.updateIntervalMillis() / 1_000);
        if (bars.size() < BARS_AHEAD) {
            bars.append(replays.after(transaction, market, bars.newestMillis(), BARS_A_READ));
        }
    }

    @Override
    public void committed(List<PriceShard> changed) {
        for (PriceShard shard : changed) {
            shard.takeUnpublished().forEach(this::publish);
        }
    }

    private void publish(PriceShard.Publication publication) {
        PriceUpdate.Priced update = publication.prices();
        send(
                Topics.ORACLE_PRICES.name(),
                update.oracle().market(),
                EventCodec.encode(OraclePrice.class, update.oracle()));
        CompletionStage<Void> marked =
                send(
                        Topics.MARK_PRICES.name(),
                        update.mark().market(),
                        EventCodec.encode(MarkPrice.class, update.mark()));
        long heardAtNanos = publication.heardAtNanos();
        if (heardAtNanos != NewsTimes.NONE) {
            var _ =
                    marked.thenRun(
                            () ->
                                    publications.record(
                                            System.nanoTime() - heardAtNanos,
                                            TimeUnit.NANOSECONDS));
        }
    }

    private CompletionStage<Void> send(String topic, MarketId market, byte[] value) {
        CompletionStage<Void> sent =
                eventlog.send(
                        new Outgoing(topic, Partitions.of(market), market.toString(), value, null));
        var _ =
                sent.whenComplete(
                        (nothing, failure) -> {
                            if (failure != null) {
                                LOG.warnf(
                                        "a price of market %s was not published: %s",
                                        market, failure);
                            }
                        });
        return sent;
    }
}
