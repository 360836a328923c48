package io.perpetua.contracts.orders;

import io.perpetua.contracts.value.MarketId;
import java.util.List;

/** The upper levels of a book, best first. */
public record BookDepth(
        MarketId market,
        long sequence,
        List<BookLevel> bids,
        List<BookLevel> asks,
        long atMillis) {}
