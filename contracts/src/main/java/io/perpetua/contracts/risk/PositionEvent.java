package io.perpetua.contracts.risk;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.perpetua.contracts.Reply;
import io.perpetua.contracts.value.UserId;
import org.jspecify.annotations.Nullable;

/** What became of a command that risk-service decides alone. */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
public sealed interface PositionEvent
        permits LeverageChanged, LeverageChangeRefused, CollateralTransferred, TransferRefused {
    /** Whose. */
    UserId user();

    /** Where the outcome is awaited, if anywhere. */
    @Nullable Reply reply();

    /** The same, awaited elsewhere: the first answer to a repeated command. */
    PositionEvent to(@Nullable Reply other);
}
