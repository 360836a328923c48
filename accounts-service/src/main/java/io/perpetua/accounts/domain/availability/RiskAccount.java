package io.perpetua.accounts.domain.availability;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import org.jspecify.annotations.Nullable;

/**
 * A subaccount as risk-service sees it, at the newest marks. Figures that hang on a mark are null
 * while one is missing.
 *
 * @param live whether all its marks are recent enough to be acted on
 */
public record RiskAccount(
        SubaccountId subaccount,
        @Nullable Usd equity,
        @Nullable Usd unrealised,
        @Nullable Usd initialMargin,
        @Nullable Usd maintenanceMargin,
        @Nullable Usd withdrawable,
        boolean live,
        int positions,
        int openOrders,
        long creditSequence) {}
