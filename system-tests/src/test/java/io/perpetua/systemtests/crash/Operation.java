package io.perpetua.systemtests.crash;

/**
 * One request of a client about its orders, when it was sent, and what was answered when.
 *
 * @param clientOrderId that of a placement, or of the order meant; null where none was given
 * @param orderId that of the order meant; null where none was given
 * @param content what a placement asks for
 * @param price the price an amendment asks for, null if it asks for none
 * @param market where a cancel without an order id applies; null is everywhere
 * @param completedNanos when the answer came, or no answer was awaited any longer
 */
record Operation(
        String client,
        Kind kind,
        String clientOrderId,
        String orderId,
        Content content,
        String price,
        String market,
        long invokedNanos,
        long completedNanos,
        Reply reply) {
    enum Kind {
        PLACE,
        CANCEL,
        CANCEL_BY_CLIENT_ID,
        CANCEL_ALL,
        AMEND,
        READ
    }

    /** What a client wants; a repeat under the same client order id wants the same. */
    record Content(
            String market,
            String side,
            String type,
            String timeInForce,
            String price,
            String size,
            boolean reduceOnly) {
        /** Whether an order can have come of this: price and size may have changed since. */
        boolean couldBe(Seen order) {
            return market.equals(order.market())
                    && side.equals(order.side())
                    && type.equals(order.type())
                    && timeInForce.equals(order.timeInForce())
                    && reduceOnly == order.reduceOnly();
        }
    }

    /**
     * What came back.
     *
     * @param status of HTTP, or 0 when nothing came
     * @param code the problem's one word, empty where there is none
     * @param order the order within, if one is
     * @param aboutOrderId the order a problem names, or a cancel of all counted
     */
    record Reply(int status, String code, Seen order, String aboutOrderId) {
        /** What it says about whether the request took effect. */
        Meaning meaning() {
            if (status == 200 || status == 201) {
                return Meaning.DONE;
            }
            if (status == 401
                    || status == 403
                    || status == 429
                    || code.equals("SERVICE_UNAVAILABLE")
                    || code.equals("KEYS_UNAVAILABLE")
                    || code.equals("OVERLOADED")
                    || code.equals("JOURNAL_UNAVAILABLE")) {
                return Meaning.NOT_TAKEN;
            }
            if (status == 500) {
                return Meaning.BROKEN;
            }
            return status >= 400 && status < 500 ? Meaning.REFUSED : Meaning.UNKNOWN;
        }
    }

    enum Meaning {
        /** It took effect as the order within says. */
        DONE,
        /** It was refused for good. */
        REFUSED,
        /** It never reached the journal. */
        NOT_TAKEN,
        /** It may have taken effect, may yet, or never. */
        UNKNOWN,
        /** A failure that no client should see. */
        BROKEN
    }

    /** An order as an answer shows it. */
    record Seen(
            String orderId,
            String clientOrderId,
            String market,
            String side,
            String type,
            String timeInForce,
            boolean reduceOnly,
            String status,
            String price,
            String size,
            String filled,
            String remaining,
            String quote,
            String reason,
            String updatedAt) {
        boolean isPending() {
            return status.equals("PENDING");
        }

        boolean hasEnded() {
            return switch (status) {
                case "FILLED", "CANCELLED", "EXPIRED", "REJECTED" -> true;
                default -> false;
            };
        }
    }

    Meaning meaning() {
        return reply.meaning();
    }

    /** Whether it was answered before the other was sent. */
    boolean isBefore(Operation other) {
        return completedNanos <= other.invokedNanos;
    }

    /** Whether it may have changed something. */
    boolean mayHaveTakenEffect() {
        return meaning() == Meaning.DONE || meaning() == Meaning.UNKNOWN;
    }

    @Override
    public String toString() {
        return "%s %s %s%s%s -> %d %s%s"
                .formatted(
                        client,
                        kind,
                        clientOrderId == null ? "" : clientOrderId + " ",
                        orderId == null ? "" : "order " + orderId,
                        price == null ? "" : " to @" + price,
                        reply.status(),
                        reply.code(),
                        reply.order() == null
                                ? ""
                                : " "
                                        + reply.order().orderId()
                                        + " "
                                        + reply.order().status()
                                        + " "
                                        + reply.order().filled()
                                        + " of "
                                        + reply.order().size());
    }
}
