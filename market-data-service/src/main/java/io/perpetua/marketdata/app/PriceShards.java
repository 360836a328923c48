package io.perpetua.marketdata.app;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The shards that make prices, a market's by its id. No sequence is ever issued twice, whoever
 * owned the shard before: those that may have been issued since the last commit are left out. So a
 * commit need not outlive a crash of the database, nor precede a price that can't wait. Prices are
 * published as the newest value, not numbered: a lost one is followed by the next. Funding rates
 * are numbered, and stored in the commit that numbers them, which does outlive it.
 */
@Singleton
public class PriceShards implements ShardGroup<PriceShard, Connection> {
    private static final Logger LOG = Logger.getLogger(PriceShards.class);
    private static final long SHORTEST_INTERVAL_MILLIS = 100;
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
            ReplayStore replays) {
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
            sources.onNews(ring);
        }
    }

    @Override
    public PriceShard create(int index) {
        return new PriceShard(index, config, tops, counter, this::publish);
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
        List<Market> markets = catalogue.all(transaction);
        for (PriceShard shard : shards) {
            for (Market market : markets) {
                if (Partitions.of(market.id()) == shard.index()) {
                    shard.markets()
                            .merge(
                                    market.id(),
                                    MarketPricing.first(market, sources.of(market)),
                                    (known, fresh) ->
                                            known.market().version() >= market.version()
                                                    ? known
                                                    : known.under(market, sources.of(market)));
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

    private void publish(PriceUpdate.Priced update) {
        send(
                Topics.ORACLE_PRICES.name(),
                update.oracle().market(),
                EventCodec.encode(OraclePrice.class, update.oracle()));
        send(
                Topics.MARK_PRICES.name(),
                update.mark().market(),
                EventCodec.encode(MarkPrice.class, update.mark()));
    }

    private void send(String topic, MarketId market, byte[] value) {
        var sent =
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
    }
}
