package io.perpetua.orders.app;

import io.perpetua.contracts.orders.BookDepth;
import io.perpetua.contracts.orders.BookTop;

/** Takes the newest picture of a book to whoever reads it; losing one is no harm. */
@FunctionalInterface
public interface BookPublisher {
    /** Publishes without waiting. */
    void publish(BookTop top, BookDepth depth);
}
