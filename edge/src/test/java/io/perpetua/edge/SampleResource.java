package io.perpetua.edge;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.accounts.AgentAction;
import io.perpetua.contracts.orders.Side;
import io.perpetua.contracts.value.OrderId;
import io.perpetua.contracts.value.Price;
import io.perpetua.contracts.value.SubaccountId;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.PermitAll;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** One endpoint of each kind that services have. */
@Path("/v1/samples")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class SampleResource {
    /** Whether a long answer was written to its end; what goes to a closed connection may be. */
    static final BlockingQueue<Boolean> ENDS = new LinkedBlockingQueue<>();

    /** Of requests that wait for who asked to leave. */
    static final BlockingQueue<Instant> ARRIVALS = new LinkedBlockingQueue<>();

    @Inject Caller caller;
    @Inject RequestBudget budget;
    @Inject UserTransactions transactions;

    /** What an endpoint takes. */
    public record Sample(
            Price price,
            Side side,
            @Nullable Boolean reduceOnly,
            @Nullable Integer leverage,
            @Nullable String note,
            @Nullable List<Item> items,
            @Nullable Instant at) {}

    /** A nested object. */
    public record Item(Price price) {}

    @POST
    @Path("/agents/{subaccount}")
    @OpenToAgents(AgentAction.PLACE_ORDER)
    @NonBlocking
    public Map<String, String> ofAgents(@PathParam("subaccount") String subaccount, Sample sample) {
        caller.actOn(SubaccountId.parse(subaccount), null);
        AgentNonce nonce = caller.nonce();
        return nonce == null
                ? Map.of("user", caller.user().toString())
                : Map.of(
                        "user",
                        caller.user().toString(),
                        "agent",
                        nonce.agent(),
                        "hash",
                        Long.toString(nonce.contentHash()));
    }

    @GET
    @Path("/agents/{subaccount}")
    @OpenToAgents(AgentAction.READ)
    public String ofAgents(
            @PathParam("subaccount") String subaccount, @QueryParam("a") @Nullable String any) {
        return caller.mayActOn(SubaccountId.parse(subaccount), null) ? "seen" : "hidden";
    }

    @POST
    public Map<String, String> blocking(Sample sample) {
        return Map.of("user", caller.user().toString(), "price", sample.price().toString());
    }

    @POST
    @Path("/fast")
    @NonBlocking
    public Map<String, String> onTheEventLoop(Sample sample) {
        return Map.of("user", caller.user().toString(), "price", sample.price().toString());
    }

    @POST
    @Path("/secret")
    @RateBudget(RateClass.SECRET)
    public Map<String, String> secret(Sample sample) {
        return Map.of("user", caller.user().toString(), "price", sample.price().toString());
    }

    @POST
    @Path("/told")
    @RateBudget(value = RateClass.SECRET, toldByBody = true)
    public Map<String, String> told(Sample sample) {
        boolean reduces = sample.reduceOnly() != null && sample.reduceOnly();
        budget.charge(reduces ? RateClass.CANCEL : RateClass.SECRET);
        return Map.of("user", caller.user().toString());
    }

    @GET
    @Path("/unmetered")
    @PermitAll
    @Unmetered
    public String unmetered() {
        return "always";
    }

    @GET
    @Path("/public")
    @PermitAll
    public Page<String> list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        PageRequest request = PageRequest.of(limit, cursor);
        long from = request.after() == null ? 100 : request.after().id() - 1;
        List<Long> rows =
                java.util.stream.LongStream.iterate(from, id -> id > 0, id -> id - 1)
                        .limit(request.rows())
                        .boxed()
                        .toList();
        return Page.of(request, rows, String::valueOf, id -> new Cursor(7, id));
    }

    /** More than any buffer on the way holds. */
    @GET
    @Path("/long")
    @PermitAll
    @Produces(MediaType.TEXT_PLAIN)
    public StreamingOutput ofManyParts() {
        return output -> {
            boolean whole = false;
            try {
                byte[] part = new byte[64 * 1024];
                for (int i = 0; i < 4_096; i++) {
                    output.write(part);
                }
                whole = true;
            } finally {
                ENDS.add(whole);
            }
        };
    }

    /** Fails for a reason of its own, after who asked has left. */
    @GET
    @Path("/left")
    @PermitAll
    public String failsLate(@Context RoutingContext request) throws InterruptedException {
        ARRIVALS.add(Instant.now());
        Instant deadline = Instant.now().plusSeconds(20);
        while (!request.response().closed() && Instant.now().isBefore(deadline)) {
            Thread.sleep(10);
        }
        throw new IllegalStateException("broken");
    }

    /** Which samples. */
    public static class Range {
        @QueryParam("from")
        @Nullable String from;
    }

    @GET
    @Path("/ranges")
    @PermitAll
    public String range(@BeanParam Range range, @QueryParam("note") @Nullable String note) {
        return range.from + " " + note;
    }

    @GET
    @Path("/{id}")
    public String one(@PathParam("id") String id) {
        return Fields.required("id", id, OrderId::parse).toString();
    }

    @GET
    @Path("/broken")
    @PermitAll
    public String broken() {
        throw new IllegalStateException("the secret is 42");
    }

    @GET
    @Path("/outage")
    @PermitAll
    public String outage(@QueryParam("state") String state) {
        throw new IllegalStateException(new SQLException("the database failed", state));
    }

    @GET
    @Path("/cut")
    @PermitAll
    public String cut() {
        return transactions.callPublic(
                connection -> {
                    int session = number(connection, "select pg_backend_pid()");
                    transactions.callPublic(
                            other ->
                                    number(
                                            other,
                                            "select pg_terminate_backend("
                                                    + session
                                                    + ", 10000)::int"));
                    return "done";
                });
    }

    private static int number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getInt(1);
        }
    }

    @GET
    @Path("/refused")
    @PermitAll
    public String refused() {
        throw Problem.refused(
                        io.perpetua.contracts.orders.Refusal.PRICE_OFF_TICK, "the tick is 0.5")
                .at("price")
                .exception();
    }

    @GET
    @Path("/exhausted")
    @PermitAll
    public String exhausted() {
        throw Problem.of(429, "ATTEMPTS_EXHAUSTED", "wait 640 seconds").exception(640);
    }
}
