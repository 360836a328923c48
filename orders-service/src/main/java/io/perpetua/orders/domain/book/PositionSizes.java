package io.perpetua.orders.domain.book;

/** The signed sizes that accounts hold in a book's market: what reduce-only orders may reduce. */
@FunctionalInterface
public interface PositionSizes {
    /** Nobody holds anything. */
    PositionSizes NONE = account -> 0;

    /** The account's size; positive is long. */
    long sizeOf(long account);
}
