package io.perpetua.accounts.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.marketdata.Market;
import io.perpetua.contracts.marketdata.MarketVersionDecided;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

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
    public void record(List<MarketVersionDecided> decisions, Connection transaction)
            throws SQLException {
        for (MarketVersionDecided decision : decisions) {
            audit.appendReported(transaction, entry(decision));
        }
    }

    private static AuditEntry entry(MarketVersionDecided decision) {
        Market before = decision.before();
        Map<String, Object> after =
                Map.of(
                        "definition",
                        object(decision.definition()),
                        "effectiveAt",
                        Instant.ofEpochMilli(decision.effectiveMillis()).toString(),
                        "reason",
                        decision.reason(),
                        "decidedAt",
                        Instant.ofEpochMilli(decision.atMillis()).toString());
        return new AuditEntry(
                AuditActor.admin(decision.administrator()),
                before == null ? AuditAction.MARKET_LISTED : AuditAction.MARKET_CHANGED,
                "market:" + decision.definition().symbol(),
                before == null ? null : CanonicalJson.of(Map.of("definition", object(before))),
                CanonicalJson.of(after),
                new AuditOrigin(decision.clientAddress(), decision.userAgent()));
    }

    private static Map<String, Object> object(Market market) {
        try {
            return JSON.readValue(EventCodec.encode(Market.class, market), OBJECT);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
