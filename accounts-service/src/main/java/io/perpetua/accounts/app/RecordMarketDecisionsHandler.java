package io.perpetua.accounts.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.AskedFor;
import io.perpetua.contracts.marketdata.CandlesImported;
import io.perpetua.contracts.marketdata.FundingOverrideDecided;
import io.perpetua.contracts.marketdata.ImportDeleted;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketApprovalMoved;
import io.perpetua.contracts.marketdata.MarketChangeWanted;
import io.perpetua.contracts.marketdata.MarketDecision;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records in the audit log what administrators decided about markets, once each. */
@ApplicationScoped
public class RecordMarketDecisionsHandler {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private static final String REPORTER = "market-data-service";

    private final AuditTrail audit;

    /** With where it writes. */
    public RecordMarketDecisionsHandler(AuditTrail audit) {
        this.audit = audit;
    }

    /** Records them, in the commit that moves the log's offsets. */
    public void record(List<MarketDecision> decisions, Connection transaction) throws SQLException {
        for (MarketDecision decision : decisions) {
            audit.appendReported(
                    transaction,
                    switch (decision) {
                        case MarketVersionDecided version -> entry(version);
                        case FundingOverrideDecided override -> entry(override);
                        case MarketApprovalMoved approval -> entry(approval);
                        case CandlesImported imported -> entry(imported);
                        case ImportDeleted deleted -> entry(deleted);
                    });
        }
    }

    private static AuditEntry entry(MarketVersionDecided decision) {
        Market before = decision.before();
        Map<String, Object> after = asked(decision.askedFor());
        after.put("definition", object(decision.definition()));
        after.put("effectiveAt", time(decision.effectiveMillis()));
        return entry(
                decision,
                before == null ? AuditAction.MARKET_LISTED : AuditAction.MARKET_CHANGED,
                decision.definition().symbol(),
                before == null ? null : CanonicalJson.of(Map.of("definition", object(before))),
                after);
    }

    private static AuditEntry entry(FundingOverrideDecided decision) {
        Map<String, Object> after = asked(decision.askedFor());
        after.put("number", decision.number());
        if (decision.kind() == null || decision.rate() == null) {
            return entry(
                    decision,
                    AuditAction.MARKET_FUNDING_TAKEN_BACK,
                    decision.symbol(),
                    null,
                    after);
        }
        after.put("kind", decision.kind().name());
        after.put("rate", decision.rate().toString());
        after.put("until", time(decision.untilMillis()));
        return entry(decision, AuditAction.MARKET_FUNDING_SET, decision.symbol(), null, after);
    }

    private static AuditEntry entry(MarketApprovalMoved moved) {
        Map<String, Object> after = new HashMap<>();
        after.put("approvalId", Long.toString(moved.approval()));
        after.put("state", moved.state().name());
        after.put("requestedBy", Long.toString(moved.requestedBy()));
        after.put("expiresAt", time(moved.expiresMillis()));
        after.put("wanted", object(MarketChangeWanted.class, moved.wanted()));
        after.put(
                "exceeds",
                moved.exceeds().stream().map(one -> one.field() + ": " + one.detail()).toList());
        return entry(
                moved,
                switch (moved.state()) {
                    case OPEN -> AuditAction.MARKET_APPROVAL_REQUESTED;
                    case APPROVED -> AuditAction.MARKET_APPROVAL_GRANTED;
                    case REJECTED -> AuditAction.MARKET_APPROVAL_REJECTED;
                    case EXPIRED -> AuditAction.MARKET_APPROVAL_EXPIRED;
                },
                moved.symbol(),
                null,
                after);
    }

    private static AuditEntry entry(CandlesImported imported) {
        Map<String, Object> after = new HashMap<>();
        after.put("minutes", imported.minutes());
        after.put("first", time(imported.firstMillis()));
        after.put("last", time(imported.lastMillis()));
        after.put("rejected", imported.rejected());
        return entry(imported, AuditAction.MARKET_IMPORT_ADDED, imported.symbol(), null, after);
    }

    private static AuditEntry entry(ImportDeleted deleted) {
        Map<String, Object> after = new HashMap<>();
        after.put("minutes", deleted.minutes());
        after.put("before", time(deleted.beforeMillis()));
        return entry(deleted, AuditAction.MARKET_IMPORT_DELETED, deleted.symbol(), null, after);
    }

    /** Who asked for it, where it took two. */
    private static Map<String, Object> asked(@Nullable AskedFor askedFor) {
        Map<String, Object> after = new HashMap<>();
        if (askedFor != null) {
            after.put("approvalId", Long.toString(askedFor.approval()));
            after.put("requestedBy", Long.toString(askedFor.administrator()));
        }
        return after;
    }

    private static AuditEntry entry(
            MarketDecision decision,
            AuditAction action,
            String symbol,
            @Nullable String before,
            Map<String, Object> decided) {
        Map<String, Object> after = new HashMap<>(decided);
        String reason = decision.reason();
        if (reason != null) {
            after.put("reason", reason);
        }
        after.put("decidedAt", time(decision.atMillis()));
        return new AuditEntry(
                decision.administrator() == 0
                        ? AuditActor.service(REPORTER)
                        : AuditActor.admin(decision.administrator()),
                action,
                "market:" + symbol,
                before,
                CanonicalJson.of(after),
                new AuditOrigin(decision.clientAddress(), decision.userAgent()));
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static Map<String, Object> object(Market market) {
        return object(Market.class, market);
    }

    private static <T> Map<String, Object> object(Class<T> type, T value) {
        try {
            return JSON.readValue(EventCodec.encode(type, value), OBJECT);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
