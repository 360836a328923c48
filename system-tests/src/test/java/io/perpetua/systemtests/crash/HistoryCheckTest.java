package io.perpetua.systemtests.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.perpetua.systemtests.crash.Operation.Content;
import io.perpetua.systemtests.crash.Operation.Kind;
import io.perpetua.systemtests.crash.Operation.Reply;
import io.perpetua.systemtests.crash.Operation.Seen;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories written by hand: those that can be true are accepted, the others rejected. */
class HistoryCheckTest {
    private static final Content BUY = content("100", "5");
    private static final Content OTHER = content("101", "5");

    private final List<Operation> history = new ArrayList<>();
    private long clock;

    private static Content content(String price, String size) {
        return new Content("BTC-PERP", "BUY", "LIMIT", "GTC", price, size, false);
    }

    private static Seen order(String status, String filled) {
        return order("7", status, filled, null, "100");
    }

    private static Seen order(
            String id, String status, String filled, String reason, String price) {
        boolean ended = !List.of("OPEN", "PARTIALLY_FILLED", "PENDING").contains(status);
        return new Seen(
                id,
                "a-1",
                "BTC-PERP",
                "BUY",
                "LIMIT",
                "GTC",
                false,
                status,
                price,
                "5",
                filled,
                ended ? "0" : Integer.toString(5 - Integer.parseInt(filled)),
                Integer.toString(100 * Integer.parseInt(filled)),
                reason,
                "at " + status + filled);
    }

    private static Seen cancelled(String filled) {
        return order("7", "CANCELLED", filled, "CANCELLED_BY_USER", "100");
    }

    private static Seen rejected(String reason) {
        return order("7", "REJECTED", "0", reason, "100");
    }

    private void add(Kind kind, String clientId, Content content, String price, Reply reply) {
        boolean aboutOrder = kind == Kind.CANCEL || kind == Kind.AMEND || kind == Kind.READ;
        history.add(
                new Operation(
                        "a",
                        kind,
                        clientId,
                        aboutOrder ? "7" : null,
                        content,
                        price,
                        null,
                        clock,
                        clock + 10,
                        reply));
        clock += 20;
    }

    private void placed(Content content, Seen answer) {
        add(Kind.PLACE, "a-1", content, null, new Reply(201, "", answer, null));
    }

    private void placedWithout(int status, String code) {
        placedWithout(BUY, status, code);
    }

    private void placedWithout(Content content, int status, String code) {
        add(Kind.PLACE, "a-1", content, null, new Reply(status, code, null, null));
    }

    private void journalled() {
        add(
                Kind.PLACE,
                "a-1",
                BUY,
                null,
                new Reply(202, "", order("7", "PENDING", "0", null, "100"), null));
    }

    private void done(Kind kind, Seen answer) {
        add(kind, null, null, null, new Reply(200, "", answer, null));
    }

    private void amended(String price, Seen answer) {
        add(Kind.AMEND, null, null, price, new Reply(200, "", answer, null));
    }

    private void answered(Kind kind, int status, String code) {
        add(
                kind,
                null,
                null,
                kind == Kind.AMEND ? "103" : null,
                new Reply(status, code, null, null));
    }

    /** Says that the last two requests were under way at the same time. */
    private void atOnce() {
        Operation last = history.removeLast();
        Operation before = history.getLast();
        history.add(
                new Operation(
                        last.client(),
                        last.kind(),
                        last.clientOrderId(),
                        last.orderId(),
                        last.content(),
                        last.price(),
                        last.market(),
                        before.invokedNanos() + 1,
                        last.completedNanos(),
                        last.reply()));
    }

    private void accepted(Seen... last) {
        assertThat(HistoryCheck.violations(history, Arrays.asList(last))).isEmpty();
    }

    private void violates(String rule, Seen... last) {
        assertThat(HistoryCheck.violations(history, Arrays.asList(last)))
                .anySatisfy(violation -> assertThat(violation).startsWith(rule));
    }

    @Test
    void shouldAcceptWhenAnOrderGoesItsWay() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.READ, order("PARTIALLY_FILLED", "2"));
        placed(BUY, order("OPEN", "0"));
        placedWithout(OTHER, 409, "CLIENT_ORDER_ID_REUSED");
        done(Kind.CANCEL, cancelled("3"));
        answered(Kind.CANCEL, 422, "ORDER_CLOSED");
        done(Kind.READ, cancelled("3"));

        accepted(cancelled("3"));
    }

    @Test
    void shouldAcceptEitherWhenTheOutcomeIsUnknown() {
        placedWithout(0, "");
        placedWithout(503, "OUTCOME_UNKNOWN");

        accepted();
        accepted(order("OPEN", "0"));
    }

    @Test
    void shouldAcceptEitherOrderWhenRequestsAreUnderWayAtOnce() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.READ, order("PARTIALLY_FILLED", "2"));
        done(Kind.READ, order("OPEN", "0"));
        atOnce();

        accepted(order("PARTIALLY_FILLED", "2"));
    }

    @Test
    void shouldAcceptWhenAnUnknownAmendmentTookEffect() {
        placed(BUY, order("OPEN", "0"));
        answered(Kind.AMEND, 502, "OUTCOME_UNKNOWN");

        accepted(order("OPEN", "0"));
        accepted(order("7", "OPEN", "0", null, "103"));
    }

    @Test
    void shouldRejectWhenAnAcknowledgedOrderIsLost() {
        placed(BUY, order("OPEN", "0"));

        violates("an acknowledged placement left no order");
    }

    @Test
    void shouldRejectWhenAJournalledOrderIsLost() {
        journalled();

        violates("an acknowledged placement left no order");
    }

    @Test
    void shouldRejectWhenAnOpenOrderIsUnknownLater() {
        placed(BUY, order("OPEN", "0"));
        answered(Kind.READ, 404, "ORDER_UNKNOWN");

        violates("a known order is unknown", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenAJournalledOrderIsUnknownLater() {
        journalled();
        answered(Kind.CANCEL, 404, "ORDER_UNKNOWN");

        violates("a known order is unknown", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenWhatFilledShrinks() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.READ, order("PARTIALLY_FILLED", "3"));
        done(Kind.READ, order("PARTIALLY_FILLED", "2"));

        violates("what had filled shrank", order("PARTIALLY_FILLED", "3"));
    }

    @Test
    void shouldRejectWhenWhatFilledShrinksInTheEnd() {
        placed(BUY, order("PARTIALLY_FILLED", "3"));

        violates("what had filled shrank", order("PARTIALLY_FILLED", "2"));
    }

    @Test
    void shouldRejectWhenAnEndedOrderChanges() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.READ, order("FILLED", "5"));
        done(Kind.READ, cancelled("4"));

        violates("an order that had ended changed", order("FILLED", "5"));
    }

    @Test
    void shouldRejectWhenAFillFollowsACancel() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.CANCEL, cancelled("1"));

        violates("an order that had ended changed", cancelled("2"));
    }

    @Test
    void shouldRejectWhenACancelledOrderIsOpen() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.CANCEL, cancelled("0"));

        violates("an order that had ended changed", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenACancelDidNotCancel() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.CANCEL, order("OPEN", "0"));

        violates("a cancel that was done did not cancel", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenADecidedOrderIsPending() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.READ, order("PENDING", "0"));

        violates("a decided order is pending", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenOneClientIdHasTwoOrderIds() {
        placed(BUY, order("OPEN", "0"));
        placed(BUY, order("8", "OPEN", "0", null, "100"));

        violates("two order ids for one client order id", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenOneClientIdMadeTwoOrders() {
        placed(BUY, order("OPEN", "0"));

        violates(
                "one client order id made several orders",
                order("OPEN", "0"),
                order("8", "OPEN", "0", null, "100"));
    }

    @Test
    void shouldRejectWhenAnOrderIsListedTwice() {
        placed(BUY, order("OPEN", "0"));

        violates("order 7 is listed twice", order("OPEN", "0"), order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenARefusedOrderStands() {
        placedWithout(422, "MARGIN_INSUFFICIENT");

        violates("a refused order stands otherwise", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenAnOrderWasRefusedForAnotherReason() {
        placedWithout(422, "MARGIN_INSUFFICIENT");

        violates("a refused order stands otherwise", rejected("PRICE_OFF_TICK"));
        accepted(rejected("MARGIN_INSUFFICIENT"));
    }

    @Test
    void shouldRejectWhenATakenOrderIsRejected() {
        placed(BUY, order("OPEN", "0"));

        violates("a taken order is rejected", rejected("MARGIN_INSUFFICIENT"));
    }

    @Test
    void shouldRejectWhenARepeatIsAnsweredOtherwise() {
        placed(BUY, order("OPEN", "0"));
        placed(BUY, order("PARTIALLY_FILLED", "2"));

        violates("a repeat was not answered as the first time", order("PARTIALLY_FILLED", "2"));
    }

    @Test
    void shouldRejectWhenARepeatIsRefused() {
        placed(BUY, order("OPEN", "0"));
        placedWithout(409, "CLIENT_ORDER_ID_REUSED");

        violates("a repeat was refused as another order", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenOtherContentIsTakenUnderOneClientId() {
        placed(BUY, order("OPEN", "0"));
        placed(OTHER, order("OPEN", "0"));

        violates("other content under one client order id was taken", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenAClientIdIsReusedThatMadeNoOrder() {
        placedWithout(OTHER, 409, "CLIENT_ORDER_ID_REUSED");

        violates("an acknowledged placement left no order");
    }

    @Test
    void shouldRejectWhenAnOrderStandsThatWasNotTaken() {
        placedWithout(503, "SERVICE_UNAVAILABLE");
        placedWithout(503, "OVERLOADED");

        violates("an order exists that no placement can have made", order("OPEN", "0"));
        accepted();
    }

    @Test
    void shouldRejectWhenAnOrderIsNotWhatWasPlaced() {
        placed(
                new Content("BTC-PERP", "SELL", "LIMIT", "GTC", "100", "5", false),
                order("OPEN", "0"));

        violates("the order is not what was placed", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenNobodyPlacedTheOrder() {
        violates("nobody placed this order", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenNobodyAskedForTheCancel() {
        placed(BUY, order("OPEN", "0"));
        answered(Kind.CANCEL, 503, "SERVICE_UNAVAILABLE");

        violates("an order was cancelled and nobody asked", cancelled("0"));
    }

    @Test
    void shouldRejectWhenAnAmendmentIsLost() {
        placed(BUY, order("OPEN", "0"));
        amended("102", order("7", "OPEN", "0", null, "102"));

        violates("an amendment that was done is lost", order("OPEN", "0"));
        accepted(order("7", "OPEN", "0", null, "102"));
    }

    @Test
    void shouldRejectWhenNobodyAskedForThePrice() {
        placed(BUY, order("OPEN", "0"));
        answered(Kind.AMEND, 422, "PRICE_OUT_OF_BAND");

        violates("nobody asked for this price", order("7", "OPEN", "0", null, "103"));
    }

    @Test
    void shouldRejectWhenAnOpenOrderIsCalledClosed() {
        placed(BUY, order("OPEN", "0"));
        answered(Kind.AMEND, 422, "ORDER_CLOSED");

        violates("an order was called closed and is not", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenAnOrderIsOpenAfterItWasCalledClosed() {
        placed(BUY, order("OPEN", "0"));
        answered(Kind.AMEND, 422, "ORDER_CLOSED");
        done(Kind.READ, order("OPEN", "0"));
        done(Kind.CANCEL, cancelled("0"));

        violates("an order was called closed and is open", cancelled("0"));
    }

    @Test
    void shouldRejectWhenACancelOfAllLeavesAnOrderOpen() {
        placed(BUY, order("OPEN", "0"));
        done(Kind.CANCEL_ALL, null);

        violates("a cancel that was done left an order open", order("OPEN", "0"));
        accepted(cancelled("0"));
    }

    @Test
    void shouldRejectWhenACancelByClientIdDoesNotKnowTheOrder() {
        placed(BUY, order("OPEN", "0"));
        add(
                Kind.CANCEL_BY_CLIENT_ID,
                "a-1",
                null,
                null,
                new Reply(404, "ORDER_UNKNOWN", null, null));

        violates("a known order is unknown", order("OPEN", "0"));
    }

    @Test
    void shouldRejectWhenThePlatformFails() {
        placedWithout(500, "INTERNAL_ERROR");

        violates("the platform failed on it");
    }
}
