package io.perpetua.risk.app;

import io.perpetua.contracts.value.SubaccountId;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A subaccount's leverage in a market, as its owner sees it. */
@Schema(
        name = "Leverage",
        description =
                "A subaccount's leverage in a market: the chosen one or, where none was chosen, the"
                        + " default; never above maxLeverage. Tiers may ask for more margin than"
                        + " 1 / leverage.")
public record LeverageView(
        SubaccountId subaccountId, String market, int leverage, int maxLeverage, boolean chosen) {}
