package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AssetSettings;
import io.perpetua.accounts.app.TransferAssetHandler;
import io.perpetua.accounts.app.TransferAssetHandler.TransferAsset;
import io.perpetua.accounts.app.TransferAssetHandler.TransferOutcome;
import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.accounts.persistence.AssetTransferStore.AssetTransferRow;
import io.perpetua.contracts.risk.WithdrawalRefusal;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/**
 * Assets that are no collateral, moved between the caller's subaccounts. Closed to agents: nobody
 * here could tell whether an agent's nonce was used.
 */
@Path("/v1/asset-transfers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Ledger")
public class AssetTransferResource {
    private static final String ID_PATTERN = "^[A-Za-z0-9._:-]{1,64}$";
    private static final Pattern ID = Pattern.compile(ID_PATTERN);
    private static final String EXAMPLE =
            "{\"fromSubaccountId\":\"1000001\",\"toSubaccountId\":\"1000002\",\"asset\":\"USDT\","
                    + "\"amount\":\"250.5\",\"clientTransferId\":\"rebalance-17\"}";

    private final Caller caller;
    private final TransferAssetHandler transferring;
    private final KeptAssets assets;

    /** With the handler of its command. */
    public AssetTransferResource(
            Caller caller, TransferAssetHandler transferring, AssetSettings assets) {
        this.caller = caller;
        this.transferring = transferring;
        this.assets = assets.kept();
    }

    /** What is to move where. */
    @Schema(
            requiredProperties = {
                "fromSubaccountId",
                "toSubaccountId",
                "asset",
                "amount",
                "clientTransferId"
            })
    public record AssetTransferRequest(
            SubaccountId fromSubaccountId,
            SubaccountId toSubaccountId,
            @Schema(description = "one that the platform keeps beside USDC") String asset,
            @Schema(description = "in units of the asset, above 0") Usd amount,
            @Schema(
                            pattern = ID_PATTERN,
                            description =
                                    "the client's own, unique in the subaccount paid from: a repeat"
                                            + " moves nothing twice")
                    String clientTransferId) {}

    /** What has moved. */
    public record AssetTransfer(
            String transferId,
            String fromSubaccountId,
            String toSubaccountId,
            String asset,
            String amount,
            String clientTransferId,
            Instant transferredAt) {}

    /** Moves an asset. */
    @POST
    @Operation(
            operationId = "transferAsset",
            summary = "Move an asset other than USDC between own subaccounts",
            description =
                    "USDC is collateral, and is moved by POST /v1/transfers. A repeat with the same"
                            + " content gets the first answer, with status 200; what was refused"
                            + " may be asked for again. It is two transactions of the ledger, one"
                            + " of each subaccount; their statements list it.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "rebalance", value = EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "It has moved",
            content = @Content(schema = @Schema(implementation = AssetTransfer.class)))
    @APIResponse(
            responseCode = "200",
            description = "It had moved before",
            content = @Content(schema = @Schema(implementation = AssetTransfer.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "SUBACCOUNT_UNKNOWN")
    @APIResponse(
            responseCode = "409",
            description = "TRANSFER_ID_REUSED: the id stands for another transfer")
    @APIResponse(
            responseCode = "422",
            description =
                    "USER_CLOSING, USER_DEACTIVATED, USER_SUSPENDED; WITHDRAWABLE_EXCEEDED: the"
                            + " subaccount has less")
    public RestResponse<AssetTransfer> transfer(AssetTransferRequest request) {
        Asset asset = AssetFields.besideCollateral(request.asset(), assets);
        if (request.amount().signum() <= 0) {
            throw Problem.fieldInvalid("amount", "an amount to transfer is above 0").exception();
        }
        if (request.fromSubaccountId().equals(request.toSubaccountId())) {
            throw Problem.fieldInvalid("toSubaccountId", "it must be another subaccount")
                    .exception();
        }
        String clientId =
                Fields.required(
                        "clientTransferId",
                        request.clientTransferId(),
                        AssetTransferResource::clientId);
        TransferOutcome outcome =
                transferring.handle(
                        new TransferAsset(
                                caller.user(),
                                request.fromSubaccountId(),
                                request.toSubaccountId(),
                                asset,
                                request.amount(),
                                clientId));
        return switch (outcome) {
            case TransferOutcome.Transferred transferred ->
                    RestResponse.status(
                            transferred.repeated()
                                    ? RestResponse.Status.OK
                                    : RestResponse.Status.CREATED,
                            shown(transferred.transfer()));
            case TransferOutcome.ClientIdReused() ->
                    throw Problem.conflict(
                                    "TRANSFER_ID_REUSED", "the id stands for another transfer")
                            .at("clientTransferId")
                            .exception();
            case TransferOutcome.AssetNotKept() ->
                    throw AssetFields.notKept(asset, assets.otherCodes());
            case TransferOutcome.AccountUnknown unknown ->
                    throw Problem.notFound("SUBACCOUNT_UNKNOWN", "there is no such subaccount")
                            .at(
                                    unknown.subaccount().equals(request.fromSubaccountId())
                                            ? "fromSubaccountId"
                                            : "toSubaccountId")
                            .exception();
            case TransferOutcome.Restricted restricted ->
                    throw Problem.refused(
                                    restricted.refusal(),
                                    WithdrawalResource.sentence(restricted.refusal(), null))
                            .exception();
            case TransferOutcome.Exceeded exceeded ->
                    throw Problem.refused(
                                    WithdrawalRefusal.WITHDRAWABLE_EXCEEDED,
                                    "the subaccount has " + exceeded.available() + " " + asset)
                            .at("amount")
                            .exception();
        };
    }

    private static AssetTransfer shown(AssetTransferRow row) {
        return new AssetTransfer(
                row.id().toString(),
                row.from().toString(),
                row.to().toString(),
                row.asset(),
                row.amount().toString(),
                row.clientTransferId(),
                row.transferredAt());
    }

    private static String clientId(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("must match " + ID_PATTERN);
        }
        return text;
    }
}
