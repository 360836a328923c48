package io.perpetua.accounts.domain.withdrawal;

import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a withdrawal must keep to before risk is asked. Limits count what was requested within their
 * span and was not refused or returned.
 *
 * @param least what a withdrawal has at least
 * @param most what it has at most
 * @param limits in the order they are looked at
 * @param unverified a further limit, of users of whom it is not known who they are
 */
public record WithdrawalRules(
        Usd least, Usd most, List<WithdrawalLimit> limits, WithdrawalLimit unverified) {
    /** Refuses bounds that leave no amount. */
    public WithdrawalRules {
        if (least.signum() <= 0 || least.compareTo(most) > 0) {
            throw new IllegalArgumentException("expected 0 < least <= most");
        }
        limits = List.copyOf(limits);
    }

    /**
     * What has been withdrawn within a limit's span.
     *
     * @param totalMicros in micros, as a sum over all users may leave 64 bits
     * @param oldestInTheWay the withdrawal that has to leave the span before the amount fits; null
     *     when none is in the way, or when the amount alone is above the limit
     */
    public record Counted(BigDecimal totalMicros, @Nullable Instant oldestInTheWay) {}

    /** Looks up what counts against a limit. */
    @FunctionalInterface
    public interface Count {
        /** What has been withdrawn within the limit's span, up to now. */
        Counted of(WithdrawalLimit limit);
    }

    /** A decision. */
    public sealed interface Decision {
        /** Risk may be asked. */
        record Allowed() implements Decision {}

        /** It is not taken; from {@code possibleAt} it would be, where that is known. */
        record Refused(RequestRefusal refusal, @Nullable Instant possibleAt) implements Decision {}
    }

    /**
     * Decides on a withdrawal of {@code amount} to an address that is usable from {@code usableAt},
     * null when it is not in the address book.
     */
    public Decision decide(
            KycStatus kyc, Usd amount, @Nullable Instant usableAt, Instant now, Count count) {
        if (kyc == KycStatus.SUSPENDED) {
            return new Decision.Refused(RequestRefusal.KYC_SUSPENDED, null);
        }
        if (usableAt == null) {
            return new Decision.Refused(RequestRefusal.WITHDRAWAL_ADDRESS_UNKNOWN, null);
        }
        if (usableAt.isAfter(now)) {
            return new Decision.Refused(RequestRefusal.WITHDRAWAL_ADDRESS_NOT_YET_USABLE, usableAt);
        }
        if (amount.compareTo(least) < 0) {
            return new Decision.Refused(RequestRefusal.AMOUNT_BELOW_MINIMUM, null);
        }
        if (amount.compareTo(most) > 0) {
            return new Decision.Refused(RequestRefusal.AMOUNT_ABOVE_MAXIMUM, null);
        }
        List<WithdrawalLimit> binding = new ArrayList<>();
        if (kyc != KycStatus.VERIFIED) {
            binding.add(unverified);
        }
        binding.addAll(limits);
        for (WithdrawalLimit limit : binding) {
            Counted counted = count.of(limit);
            BigDecimal after = counted.totalMicros().add(BigDecimal.valueOf(amount.micros()));
            if (after.compareTo(BigDecimal.valueOf(limit.most().micros())) > 0) {
                Instant oldest = counted.oldestInTheWay();
                return new Decision.Refused(
                        limit.refusal(), oldest == null ? null : oldest.plus(limit.span()));
            }
        }
        return new Decision.Allowed();
    }
}
