package io.perpetua.contracts.risk;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** A client command that risk-service decides alone. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface RiskCommand permits ChangeLeverage, TransferCollateral {
    /** The command's own id. */
    OrderId commandId();

    /** Who sent it, or whose agent did. */
    UserId user();

    /** Where the outcome is awaited, if anywhere. */
    @Nullable Reply reply();

    /** The nonce, if an agent sent it. */
    @Nullable AgentNonce nonce();
}
