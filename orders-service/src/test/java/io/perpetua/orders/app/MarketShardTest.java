package io.perpetua.orders.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketChanged;
import io.perpetua.eventlog.Incoming;
import io.perpetua.orders.Admissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MarketShardTest {
    private static final Market BTC = Admissions.market(1, "BTC-PERP");
    private static final int PARTITION = Partitions.of(BTC.id());
    private static final long NOW = 1_800_000_000_000L;

    private final List<Long> tops = new ArrayList<>();
    private final MarketShard shard =
            new MarketShard(PARTITION, (top, depth) -> tops.add(top.atMillis()));

    @Test
    void shouldTellABookAtRestEveryTwoSecondsAlsoWhenTheClockIsSetBack() {
        byte[] listed = EventCodec.encode(MarketChanged.class, new MarketChanged(BTC, 0));
        shard.handle(
                new Incoming(Topics.MARKET_CHANGES.name(), PARTITION, 0, listed, null),
                NOW,
                record -> {});

        for (long after : List.of(0L, 1_999L, 2_000L, -3_600_000L, -3_599_000L, -3_598_000L)) {
            shard.tick(NOW + after, record -> {});
        }

        assertThat(tops)
                .extracting(atMillis -> atMillis - NOW)
                .containsExactly(0L, 2_000L, -3_600_000L, -3_598_000L);
    }
}
