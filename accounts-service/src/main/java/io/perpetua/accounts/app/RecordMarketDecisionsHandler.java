package io.perpetua.accounts.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.FundingOverrideDecided;
import io.perpetua.contracts.marketdata.Market;
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
                    });
        }
    }

    private static AuditEntry entry(MarketVersionDecided decision) {
        Market before = decision.before();
        return entry(
                decision,
                before == null ? AuditAction.MARKET_LISTED : AuditAction.MARKET_CHANGED,
                decision.definition().symbol(),
                before == null ? null : CanonicalJson.of(Map.of("definition", object(before))),
                Map.of(
                        "definition",
                        object(decision.definition()),
                        "effectiveAt",
                        time(decision.effectiveMillis())));
    }

    private static AuditEntry entry(FundingOverrideDecided decision) {
        Map<String, Object> after = new HashMap<>();
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

    private static AuditEntry entry(
            MarketDecision decision,
            AuditAction action,
            String symbol,
            @Nullable String before,
            Map<String, Object> decided) {
        Map<String, Object> after = new HashMap<>(decided);
        after.put("reason", decision.reason());
        after.put("decidedAt", time(decision.atMillis()));
        return new AuditEntry(
                AuditActor.admin(decision.administrator()),
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
        try {
            return JSON.readValue(EventCodec.encode(Market.class, market), OBJECT);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
