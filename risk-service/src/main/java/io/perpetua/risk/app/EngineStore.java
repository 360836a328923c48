package io.perpetua.risk.app;

import io.perpetua.eventlog.Writes;
import io.perpetua.risk.domain.admission.Request;
import io.perpetua.risk.domain.engine.Requests;
import io.perpetua.risk.domain.engine.RiskEngine;
import io.perpetua.risk.persistence.RequestReader;
import io.perpetua.risk.persistence.StateReader;
import io.perpetua.risk.persistence.StateWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Keeps engines in the database, within the transactions of the shard loop. */
public final class EngineStore {
    /** Fills engines without content, given by the index of their shard. */
    public void load(Map<Integer, RiskEngine> engines, Connection transaction) throws SQLException {
        new StateReader(transaction).read(engines);
    }

    /**
     * Tells each engine what was decided under the client order ids that its batch names, with one
     * query for all.
     */
    public void lookUp(Map<RiskEngine, Set<Request.Key>> named, Connection transaction)
            throws SQLException {
        Set<Request.Key> all = new HashSet<>();
        named.values().forEach(all::addAll);
        Map<Request.Key, Request> found = RequestReader.find(transaction, all);
        named.forEach(
                (engine, keys) -> {
                    Requests requests = engine.requests();
                    requests.clear();
                    for (Request.Key key : keys) {
                        requests.lookedUp(key);
                        Request request = found.get(key);
                        if (request != null) {
                            requests.found(key, request);
                        }
                    }
                });
    }

    /** Writes what changed since the last call. */
    public void store(Map<Integer, RiskEngine> engines, Writes writes) {
        StateWriter writer = new StateWriter();
        engines.forEach(writer::add);
        writer.addTo(writes);
        engines.values().forEach(engine -> engine.changes().clear());
    }
}
