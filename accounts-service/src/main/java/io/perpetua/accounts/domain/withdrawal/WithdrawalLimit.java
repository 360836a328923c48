package io.perpetua.accounts.domain.withdrawal;

import io.perpetua.contracts.value.Usd;
import java.time.Duration;

/**
 * A bound on what may be withdrawn within a span of time that ends now.
 *
 * @param refusal what is said beyond it
 * @param ofPlatform whether all users' withdrawals count, or the user's own
 */
public record WithdrawalLimit(
        RequestRefusal refusal, boolean ofPlatform, Duration span, Usd most) {}
