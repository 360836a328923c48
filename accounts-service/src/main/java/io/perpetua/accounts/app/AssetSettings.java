package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The assets that this platform keeps; a service with a list that is none does not start. */
@ApplicationScoped
@Startup
public class AssetSettings {
    private final KeptAssets kept;

    /** From the configuration. */
    public AssetSettings(AccountsConfig config) {
        try {
            this.kept = KeptAssets.parse(config.assets().orElse(List.of()));
        } catch (IllegalArgumentException invalid) {
            throw new IllegalStateException(
                    "perpetua.accounts.assets: " + invalid.getMessage(), invalid);
        }
    }

    /** The assets, and what they count for. */
    public KeptAssets kept() {
        return kept;
    }
}
