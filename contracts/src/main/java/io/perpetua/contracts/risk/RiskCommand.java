package io.perpetua.contracts.risk;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** A client command that risk-service decides alone. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface RiskCommand permits ChangeLeverage, TransferCollateral {
    /** Who sent it. */
    UserId user();

    /** Where the outcome is awaited, if anywhere. */
    @Nullable Reply reply();
}
