package io.perpetua.marketdata.api;

import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.edge.AdministratorsOnly;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import io.perpetua.marketdata.app.Decider;
import io.perpetua.marketdata.app.DeleteImportHandler;
import io.perpetua.marketdata.app.ImportBarsHandler;
import io.perpetua.marketdata.domain.candle.BarRow;
import io.perpetua.marketdata.domain.candle.BarSheet;
import io.perpetua.marketdata.domain.candle.RowRejection;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Imports history that was recorded elsewhere; administrators do. */
@Path("/v1/candles/imports")
@PermitAll
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "imports")
public class CandleImportsResource {
    private static final int MOST_REJECTIONS = 100;
    private static final int FIRST_ROW = 2;
    private static final String ROW = "[0-9]{1,9}";

    private final Deciders deciders;
    private final Symbols symbols;
    private final ImportBarsHandler importBars;
    private final DeleteImportHandler deleteImport;

    CandleImportsResource(
            Deciders deciders,
            Symbols symbols,
            ImportBarsHandler importBars,
            DeleteImportHandler deleteImport) {
        this.deciders = deciders;
        this.symbols = symbols;
        this.importBars = importBars;
        this.deleteImport = deleteImport;
    }

    /** A row that was not taken. */
    @Schema(name = "RowRejected")
    public record RejectedView(
            int row,
            @Schema(description = "The first one at fault; absent when the row as a whole is.")
                    @Nullable String column,
            RowRejection code,
            String detail) {
        static RejectedView of(BarRow.Rejected row) {
            return new RejectedView(row.row(), row.column(), row.code(), row.detail());
        }
    }

    /** What became of the rows. */
    @Schema(name = "CandlesImported")
    public record ImportedView(
            MarketId market,
            String symbol,
            int rows,
            @Schema(description = "Minutes that are new.") int imported,
            @Schema(description = "Minutes that were there, just so.") int unchanged,
            int rejected,
            @Schema(description = "The first 100 of them.") List<RejectedView> rejections) {}

    /** What was deleted. */
    @Schema(name = "ImportDeleted")
    public record DeletedView(MarketId market, String symbol, long minutes) {}

    /** Imports rows. */
    @POST
    @Consumes("text/csv")
    @Operation(
            operationId = "importCandles",
            summary = "Import one-minute history as CSV",
            description =
                    "Needs an administrator's token, with the permission CHANGE_MARKETS. The body is a"
                            + " header, timestamp,open,high,low,close,volume, and a row a minute:"
                            + " the time in UTC, the volume in US dollars. Rows that can't be taken are"
                            + " reported and do not keep the others out. A minute is imported once;"
                            + " sending it again changes nothing. A long file is sent in parts.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public ImportedView take(
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent,
            @Parameter(required = true, description = "The market's symbol.") @QueryParam("market")
                    @Nullable String market,
            @Parameter(
                            description =
                                    "The number in the file of the first row below the header; 2"
                                            + " when absent. The report counts from it.")
                    @QueryParam("firstRow")
                    @Nullable String firstRow,
            @RequestBody(
                            required = true,
                            content =
                                    @Content(
                                            mediaType = "text/csv",
                                            schema = @Schema(implementation = String.class)))
                    @Nullable String body) {
        Decider by = deciders.require(authorization, userAgent, Deciders.CHANGE_MARKETS);
        String symbol = Fields.required("market", market, text -> text);
        Integer first = Fields.optional("firstRow", firstRow, CandleImportsResource::row);
        List<String> lines = lines(body);
        Market found = symbols.market("market", symbol);
        BarSheet.Outcome outcome =
                importBars.handle(found, lines, first == null ? FIRST_ROW : first, by);
        return new ImportedView(
                found.id(),
                found.symbol(),
                lines.size(),
                outcome.imported().size(),
                outcome.unchanged(),
                outcome.rejected().size(),
                outcome.rejected().stream().limit(MOST_REJECTIONS).map(RejectedView::of).toList());
    }

    /** Deletes what was imported. */
    @DELETE
    @Path("/{symbol}")
    @Operation(
            operationId = "deleteImport",
            summary = "Delete all history that was imported into a market",
            description = "Needs an administrator's token, with the permission CHANGE_MARKETS.")
    @APIResponse(responseCode = "200")
    @APIResponse(
            responseCode = "404",
            description = "MARKET_UNKNOWN",
            content = @Content(schema = @Schema(implementation = Problem.class)))
    @AdministratorsOnly
    public DeletedView delete(
            String symbol,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.AUTHORIZATION)
                    @Nullable String authorization,
            @Parameter(hidden = true) @HeaderParam(HttpHeaders.USER_AGENT)
                    @Nullable String userAgent) {
        Decider by = deciders.require(authorization, userAgent, Deciders.CHANGE_MARKETS);
        Market market = symbols.market("symbol", symbol);
        return new DeletedView(market.id(), market.symbol(), deleteImport.handle(market, by));
    }

    private static List<String> lines(@Nullable String body) {
        List<String> lines = body == null ? List.of() : body.lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals(BarRow.HEADER)) {
            throw Problem.fieldInvalid("body", "its first line is " + BarRow.HEADER).exception();
        }
        return lines.subList(1, lines.size());
    }

    private static int row(String text) {
        if (!text.matches(ROW)) {
            throw new IllegalArgumentException("a row has a number of 1 to 9 digits");
        }
        return Integer.parseInt(text);
    }
}
