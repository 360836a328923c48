package io.perpetua.risk.domain.transfer;

import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.contracts.risk.TransferRefusal;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.margin.AccountMargin;
import io.perpetua.risk.domain.margin.Markets;
import io.perpetua.risk.domain.margin.Marks;
import org.jspecify.annotations.Nullable;

/**
 * Whether collateral may move from one subaccount of a user to another: as much as may be withdrawn
 * ({@link AccountMargin#withdrawable}), and once under one client transfer id.
 */
public sealed interface CollateralTransfer {
    /**
     * A client transfer id among the client order ids of a subaccount; none of those has a blank.
     */
    String PREFIX = "transfer ";

    /** It moves now. */
    record Moved(Account from, Account to) implements CollateralTransfer {}

    /** It moved before, by the command {@code original}. */
    record Repeated(OrderId original) implements CollateralTransfer {}

    /** Nothing moves. {@code withdrawable} is what could, where that was looked at. */
    record Refused(TransferRefusal refusal, @Nullable Usd withdrawable)
            implements CollateralTransfer {
        Refused(TransferRefusal refusal) {
            this(refusal, null);
        }
    }

    /** What names the transfer. */
    static Request.Key keyOf(TransferCollateral command) {
        return new Request.Key(command.from(), PREFIX + command.clientTransferId());
    }

    /**
     * Decides {@code command}; the accounts are null where there are none, {@code seen} is the
     * transfer that was carried out under its id.
     */
    static CollateralTransfer decide(
            TransferCollateral command,
            @Nullable Account from,
            @Nullable Account to,
            @Nullable Request seen,
            Markets markets,
            Marks marks,
            long nowMillis) {
        if (from == null
                || to == null
                || from == to
                || !from.user().equals(command.user())
                || !to.user().equals(command.user())) {
            return new Refused(TransferRefusal.SUBACCOUNT_UNKNOWN);
        }
        if (seen != null) {
            return seen.contentHash() == command.contentHash()
                    ? new Repeated(seen.orderId())
                    : new Refused(TransferRefusal.TRANSFER_ID_REUSED);
        }
        TransferRefusal restricted =
                switch (from.standing().restriction()) {
                    case NONE -> null;
                    case SUSPENDED -> TransferRefusal.USER_SUSPENDED;
                    case DEACTIVATED -> TransferRefusal.USER_DEACTIVATED;
                    case CLOSED -> TransferRefusal.USER_CLOSED;
                };
        if (restricted != null) {
            return new Refused(restricted);
        }
        Usd withdrawable = Withdrawable.of(from, markets, marks, nowMillis);
        if (withdrawable == null) {
            return new Refused(TransferRefusal.MARK_PRICE_UNAVAILABLE);
        }
        return command.amount().signum() > 0 && command.amount().compareTo(withdrawable) <= 0
                ? new Moved(from, to)
                : new Refused(TransferRefusal.WITHDRAWABLE_EXCEEDED, withdrawable);
    }
}
