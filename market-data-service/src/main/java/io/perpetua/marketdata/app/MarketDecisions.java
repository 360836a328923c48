package io.perpetua.marketdata.app;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.eventlog.Outgoing;

/** What administrators decide, as the audit log is told of it. */
final class MarketDecisions {
    private MarketDecisions() {}

    static Outgoing record(MarketDecision decided) {
        return new Outgoing(
                Topics.MARKET_DECISIONS.name(),
                Partitions.of(decided.market()),
                decided.market().toString(),
                EventCodec.encode(MarketDecision.class, decided),
                null);
    }
}
