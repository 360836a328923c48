package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.approval.ApprovalRefusal;
import io.perpetua.accounts.persistence.ApprovalStore.ApprovalRow;
import io.perpetua.contracts.accounts.UserEvent;
import org.jspecify.annotations.Nullable;

/** What came of carrying out what is approved. */
sealed interface ApprovalEffect {
    /**
     * It is done, or on its way.
     *
     * @param approval as it stands then
     * @param event what risk is to be told last; null for nothing
     */
    record CarriedOut(ApprovalRow approval, @Nullable UserEvent event) implements ApprovalEffect {}

    /** It can't be done as things are; the request stays open. */
    record Forbidden(ApprovalRefusal refusal) implements ApprovalEffect {}
}
