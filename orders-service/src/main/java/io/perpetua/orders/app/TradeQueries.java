package io.perpetua.orders.app;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.TradeId;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import io.perpetua.orders.persistence.FillRow;
import io.perpetua.orders.persistence.InterestRow;
import io.perpetua.orders.persistence.TradeReader;
import io.perpetua.orders.persistence.TradeRow;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers questions about trades: a user's own fills, and what the public may know. */
@ApplicationScoped
public class TradeQueries {
    private static final long INTEREST_AGE_MILLIS = 500;

    private final UserTransactions reads;
    private final Clock clock;
    private List<InterestRow> interest = List.of();
    private long interestReadAtMillis = Long.MIN_VALUE;

    TradeQueries(UserTransactions reads, Clock clock) {
        this.reads = reads;
        this.clock = clock;
    }

    /** The user's fills that pass the filter, newest first. */
    public List<FillRow> fills(UserId user, TradeReader.Filter filter, int limit) {
        return reads.call(user, transaction -> TradeReader.fills(transaction, user, filter, limit));
    }

    /** The market's trades, newest first. */
    public List<TradeRow> trades(MarketId market, @Nullable TradeId before, int limit) {
        return reads.callPublic(
                transaction -> TradeReader.trades(transaction, market, before, limit));
    }

    /**
     * The sums of every market, all from one instant of the database that is at most half a second
     * past: anyone may ask, and a sum over all positions is not made for each.
     */
    public synchronized List<InterestRow> openInterest() {
        long now = clock.millis();
        if (now - INTEREST_AGE_MILLIS >= interestReadAtMillis) {
            interest = reads.callPublic(TradeReader::openInterest);
            interestReadAtMillis = now;
        }
        return interest;
    }
}
