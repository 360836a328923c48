package io.perpetua.risk.api;

import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.risk.CollateralTransferred;
import io.perpetua.contracts.risk.LeverageChangeRefused;
import io.perpetua.contracts.risk.LeverageChanged;
import io.perpetua.contracts.risk.PositionEvent;
import io.perpetua.contracts.risk.TransferRefused;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Caller;
import io.perpetua.edge.OpenToAgents;
import io.perpetua.edge.Problem;
import io.perpetua.risk.app.CommandAnswer;
import io.perpetua.risk.app.TransferCollateralHandler;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** Collateral moved between the caller's subaccounts. */
@Path("/v1/transfers")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "transfers")
public class TransfersResource {
    private static final String ID_PATTERN = "^[A-Za-z0-9._:-]{1,64}$";
    private static final Pattern ID = Pattern.compile(ID_PATTERN);
    private static final String EXAMPLE =
            "{\"fromSubaccountId\":\"1000001\",\"toSubaccountId\":\"1000002\","
                    + "\"amount\":\"250.5\",\"clientTransferId\":\"rebalance-17\"}";

    private final Caller caller;
    private final TransferCollateralHandler transferring;

    TransfersResource(Caller caller, TransferCollateralHandler transferring) {
        this.caller = caller;
        this.transferring = transferring;
    }

    /** What is to move where. */
    @Schema(description = "USDC to be moved between two own subaccounts.")
    public record TransferRequest(
            SubaccountId fromSubaccountId,
            SubaccountId toSubaccountId,
            @Schema(description = "in USDC, above 0, at most 6 decimals") Usd amount,
            @Schema(
                            description =
                                    "the client's own, unique in the subaccount paid from: a repeat"
                                            + " moves nothing twice",
                            pattern = ID_PATTERN)
                    String clientTransferId) {}

    /** What has moved. */
    public record Transfer(
            OrderId transferId,
            SubaccountId fromSubaccountId,
            SubaccountId toSubaccountId,
            Usd amount,
            String clientTransferId) {}

    /** Moves collateral. */
    @POST
    @OpenToAgents(AgentAction.TRANSFER)
    @Operation(
            operationId = "transferCollateral",
            summary = "Move collateral between own subaccounts",
            description =
                    "Moves what may be withdrawn: not what positions and open orders need, and no"
                            + " profit that is not realised. Repeating it with the same"
                            + " clientTransferId gets the first answer and moves nothing again,"
                            + " for as long as client order ids are known. It is two transactions"
                            + " of the ledger, one of each subaccount.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "rebalance", value = EXAMPLE)))
    @APIResponse(
            responseCode = "200",
            description = "It has moved, now or when it was first asked for.",
            content = @Content(schema = @Schema(implementation = Transfer.class)))
    @APIResponse(
            responseCode = "202",
            description = "Journalled and not decided yet: repeat it to learn the outcome.")
    @APIResponse(
            responseCode = "404",
            description = "SUBACCOUNT_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "409",
            description = "TRANSFER_ID_REUSED",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "422",
            description =
                    "WITHDRAWABLE_EXCEEDED, MARK_PRICE_UNAVAILABLE, USER_SUSPENDED,"
                            + " USER_DEACTIVATED, USER_CLOSED",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @APIResponse(
            responseCode = "503",
            description = "OVERLOADED, OUTCOME_UNKNOWN: repeat it.",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    public Uni<RestResponse<Transfer>> transfer(TransferRequest request) {
        if (request.amount().signum() <= 0) {
            throw Problem.fieldInvalid("amount", "an amount to transfer is above 0").exception();
        }
        if (request.fromSubaccountId().equals(request.toSubaccountId())) {
            throw Problem.fieldInvalid("toSubaccountId", "it must be another subaccount")
                    .exception();
        }
        if (!ID.matcher(request.clientTransferId()).matches()) {
            throw Problem.fieldInvalid("clientTransferId", "must match " + ID_PATTERN).exception();
        }
        caller.actOn(request.fromSubaccountId(), null);
        caller.actOn(request.toSubaccountId(), null);
        return Uni.createFrom()
                .completionStage(
                        transferring.handle(
                                caller.user(),
                                request.fromSubaccountId(),
                                request.toSubaccountId(),
                                request.amount(),
                                request.clientTransferId(),
                                caller.nonce()))
                .map(TransfersResource::answer);
    }

    private static RestResponse<Transfer> answer(CommandAnswer answer) {
        return switch (answer) {
            case CommandAnswer.Decided decided -> RestResponse.ok(decided(decided.outcome()));
            case CommandAnswer.Pending() -> RestResponse.accepted();
            case CommandAnswer.Unknown unknown -> throw Undecided.problem(unknown, "transfer");
            case CommandAnswer.Shed shed -> throw Undecided.problem(shed);
        };
    }

    private static Transfer decided(PositionEvent outcome) {
        return switch (outcome) {
            case CollateralTransferred moved ->
                    new Transfer(
                            moved.transfer(),
                            moved.from(),
                            moved.to(),
                            moved.amount(),
                            moved.clientTransferId());
            case TransferRefused refused ->
                    throw Refusals.ofTransfer(refused.refusal(), refused.withdrawable());
            case LeverageChanged other -> throw new IllegalStateException("" + other);
            case LeverageChangeRefused other -> throw new IllegalStateException("" + other);
        };
    }
}
