package io.perpetua.orders.domain.book;

/** Why an order lost size that it did not trade. */
public enum CutCause {
    /** Its owner asked. */
    REQUESTED,
    /** It was immediate and found nothing more to trade with. */
    NO_MORE_LIQUIDITY,
    /** It met an order of its own group. */
    SELF_TRADE,
    /** It may only reduce and the position has become smaller than it. */
    REDUCE_ONLY
}
