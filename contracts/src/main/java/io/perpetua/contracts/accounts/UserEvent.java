package io.perpetua.contracts.accounts;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.value.UserId;

/** What happened to a user or a subaccount. Carries no wallet, name or e-mail. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface UserEvent
        permits SubaccountOpened,
                CollateralCredited,
                WithdrawalRequested,
                DebitRequested,
                CollateralQueried,
                UserSuspended,
                UserReinstated,
                UserClosing,
                UserReactivated,
                UserDeleted {
    /** Whose. */
    UserId user();
}
