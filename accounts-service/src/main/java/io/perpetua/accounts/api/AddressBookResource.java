package io.perpetua.accounts.api;

import io.perpetua.accounts.app.AddAddressHandler;
import io.perpetua.accounts.app.AddAddressHandler.AddAddress;
import io.perpetua.accounts.app.AddAddressHandler.AddOutcome;
import io.perpetua.accounts.app.RemoveAddressHandler;
import io.perpetua.accounts.app.RemoveAddressHandler.RemoveAddress;
import io.perpetua.accounts.domain.signin.EvmAddress;
import io.perpetua.accounts.persistence.AddressBookStore;
import io.perpetua.accounts.persistence.AddressBookStore.AddressRow;
import io.perpetua.edge.Caller;
import io.perpetua.edge.ClosedToAgents;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Page;
import io.perpetua.edge.Problem;
import io.perpetua.edge.UserTransactions;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.ExampleObject;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;

/** The addresses that the caller withdraws to. */
@Path("/v1/withdrawal-addresses")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@ClosedToAgents
@Tag(name = "Withdrawals", description = "Money going out, to addresses known for a while.")
public class AddressBookResource {
    private static final Pattern ID = Pattern.compile("[0-9]{1,18}");
    private static final String NOBODY = "0x0000000000000000000000000000000000000000";
    private static final String EXAMPLE =
            "{\"label\":\"Cold wallet\","
                    + "\"address\":\"0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\"}";

    private final Caller caller;
    private final AddAddressHandler adding;
    private final RemoveAddressHandler removing;
    private final AddressBookStore addresses;
    private final UserTransactions transactions;
    private final RequestOrigin origin;

    /** With what it reads and the handlers of its commands. */
    public AddressBookResource(
            Caller caller,
            AddAddressHandler adding,
            RemoveAddressHandler removing,
            AddressBookStore addresses,
            UserTransactions transactions,
            RequestOrigin origin) {
        this.caller = caller;
        this.adding = adding;
        this.removing = removing;
        this.addresses = addresses;
        this.transactions = transactions;
        this.origin = origin;
    }

    /** An entry of the address book. */
    @Schema(name = "WithdrawalAddress")
    public record Entry(
            String id,
            String label,
            @Schema(description = "with its EIP-55 checksum") String address,
            Instant addedAt,
            @Schema(description = "from when on it can be withdrawn to") Instant usableAt) {}

    /** A wish for an entry. */
    @Schema(
            name = "WithdrawalAddressRequest",
            requiredProperties = {"label", "address"})
    public record EntryRequest(
            @Schema(description = "1 to 64 printable characters") String label,
            @Schema(
                            description =
                                    "of an EVM chain: 0x and 40 hexadecimal digits, in mixed case"
                                            + " only with a right EIP-55 checksum")
                    String address) {}

    /** All of the caller's. */
    @GET
    @Operation(
            operationId = "listWithdrawalAddresses",
            summary = "The caller's address book, oldest first",
            description = "It is small: nextCursor is always null.")
    @APIResponse(responseCode = "200", description = "The addresses")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    public Page<Entry> list() {
        List<AddressRow> rows = transactions.call(caller.user(), addresses::list);
        return new Page<>(rows.stream().map(AddressBookResource::shown).toList(), null);
    }

    /** Adds one. */
    @POST
    @Operation(
            operationId = "addWithdrawalAddress",
            summary = "Add an address to withdraw to",
            description =
                    "It can be withdrawn to from usableAt on. A repeat gets the first answer, with"
                            + " status 200.")
    @RequestBody(
            required = true,
            content = @Content(examples = @ExampleObject(name = "cold", value = EXAMPLE)))
    @APIResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(schema = @Schema(implementation = Entry.class)))
    @APIResponse(
            responseCode = "200",
            description = "Added before",
            content = @Content(schema = @Schema(implementation = Entry.class)))
    @APIResponse(responseCode = "400", description = "FIELD_MISSING, FIELD_INVALID, FIELD_UNKNOWN")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(
            responseCode = "409",
            description = "WITHDRAWAL_ADDRESS_KNOWN: the address has another label")
    @APIResponse(
            responseCode = "422",
            description = "WITHDRAWAL_ADDRESSES_EXHAUSTED: the address book is full")
    public RestResponse<Entry> add(EntryRequest request) {
        String label = Fields.required("label", request.label(), text -> Texts.line(text, 64));
        EvmAddress address =
                Fields.required("address", request.address(), AddressBookResource::address);
        return switch (adding.handle(
                new AddAddress(caller.user(), label, address, origin.origin()))) {
            case AddOutcome.Added added ->
                    RestResponse.status(
                            added.repeated() ? RestResponse.Status.OK : RestResponse.Status.CREATED,
                            shown(added.entry()));
            case AddOutcome.OtherLabel() ->
                    throw Problem.conflict(
                                    "WITHDRAWAL_ADDRESS_KNOWN",
                                    "the address is in the address book by another label")
                            .at("label")
                            .exception();
            case AddOutcome.Full() ->
                    throw Problem.of(
                                    422,
                                    "WITHDRAWAL_ADDRESSES_EXHAUSTED",
                                    "an address book has at most " + adding.most() + " addresses")
                            .exception();
        };
    }

    /** Removes one. */
    @DELETE
    @Path("/{addressId}")
    @Operation(
            operationId = "removeWithdrawalAddress",
            summary = "Remove an address",
            description =
                    "Withdrawals under way go on. Added again, it has to wait as a new one does.")
    @APIResponse(
            responseCode = "200",
            description = "Removed: the entry as it was",
            content = @Content(schema = @Schema(implementation = Entry.class)))
    @APIResponse(responseCode = "400", description = "FIELD_INVALID")
    @APIResponse(
            responseCode = "401",
            description = "TOKEN_MISSING, TOKEN_INVALID, TOKEN_EXPIRED, TOKEN_REVOKED")
    @APIResponse(responseCode = "404", description = "WITHDRAWAL_ADDRESS_UNKNOWN")
    public Entry remove(
            @Parameter(schema = @Schema(type = SchemaType.STRING, pattern = "^[0-9]{1,18}$"))
                    @PathParam("addressId")
                    String addressId) {
        long id = Fields.required("addressId", addressId, AddressBookResource::id);
        return removing.handle(new RemoveAddress(caller.user(), id, origin.origin()))
                .map(AddressBookResource::shown)
                .orElseThrow(
                        () ->
                                Problem.notFound(
                                                "WITHDRAWAL_ADDRESS_UNKNOWN",
                                                "there is no such withdrawal address")
                                        .at("addressId")
                                        .exception());
    }

    static Entry shown(AddressRow row) {
        return new Entry(
                Long.toString(row.id()),
                row.label(),
                row.address().checksummed(),
                row.addedAt(),
                row.usableAt());
    }

    /** An address that money can go to. */
    static EvmAddress address(String text) {
        EvmAddress address = EvmAddress.parse(text);
        if (address.hex().equals(NOBODY)) {
            throw new IllegalArgumentException("nobody has the address of all zeros");
        }
        return address;
    }

    private static long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new IllegalArgumentException("an id is a number of 1 to 18 digits");
        }
        return Long.parseLong(text);
    }
}
