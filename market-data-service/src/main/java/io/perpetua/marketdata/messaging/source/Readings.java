package io.perpetua.marketdata.messaging.source;

/** Takes what a message holds, product by product: one that is garbage does not hide another. */
public interface Readings {
    /** A product's price. */
    void read(Reading reading);

    /** Something that should have been a product's price and is none. */
    void unreadable(String why);
}
