package io.perpetua.testkit;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Gives a {@code @QuarkusTest} the shared backends and a database of its own:
 * {@code @QuarkusTestResource(BackendsResource.class)}.
 */
public class BackendsResource implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
        Backends backends = Backends.shared();
        Database database = backends.createDatabase();
        return Map.of(
                "perpetua.database.url", database.jdbcUrl(),
                "perpetua.database.password", database.password(),
                "perpetua.kafka.bootstrap-servers", backends.bootstrapServers());
    }

    /** The backends stop with the JVM: the next test takes another database. */
    @Override
    public void stop() {}
}
