package io.perpetua.orders.domain.book;

/**
 * Is told what a book does, as it does it. Sizes only ever add up: an order's size = what filled +
 * what {@code reduced} and {@code cancelled} took + what remains.
 *
 * <p>An order ends with the {@code filled} that leaves it nothing, or with {@code cancelled}, or it
 * never began ({@code refused}). The book is consistent at every call, but must not be called back.
 */
public interface BookListener {
    /**
     * A trade at the maker's price. The account sizes that {@link PositionSizes} answers include it
     * from here on.
     */
    void filled(
            long takerId,
            long makerId,
            long price,
            long size,
            long takerRemaining,
            long makerRemaining);

    /**
     * An order, after what it traded on its way in, now rests at the back of its price; priorities
     * ascend in the order in which orders came to rest.
     */
    void rested(long orderId, long price, long remaining, long priority);

    /** An order's owner changed it; what it trades because of that follows. */
    void amended(long orderId, long price, long remaining);

    /** An order lost a part of its size and keeps its place. */
    void reduced(long orderId, long by, long remaining, CutCause cause);

    /** An order ended with {@code size} not traded. */
    void cancelled(long orderId, long size, CutCause cause);

    /** A command was not carried out; the book is as it was. */
    void refused(long orderId, BookRefusal refusal);
}
