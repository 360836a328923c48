package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.availability.RiskAccount;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import java.util.Map;
import java.util.Optional;

/** What risk-service says of a user's subaccounts. */
@FunctionalInterface
public interface RiskAccounts {
    /** All that it knows; empty when it does not answer in time. Never throws, waits a second. */
    Optional<Map<SubaccountId, RiskAccount>> of(UserId user);
}
