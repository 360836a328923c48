package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Assets in requests; whether one is kept is asked of what is new, never of a repeat. */
final class AssetFields {
    private AssetFields() {}

    /** A code, of an asset that may be kept or not. */
    static Asset code(@Nullable String text) {
        return Fields.required("asset", text, Asset::new);
    }

    /** The same but the collateral. */
    static Asset besideCollateral(@Nullable String text, KeptAssets assets) {
        Asset asset = code(text);
        if (asset.isCollateral()) {
            throw none(asset + " is moved by POST /v1/transfers", assets.otherCodes());
        }
        return asset;
    }

    /** The problem of an asset that is not kept; it names those that are. */
    static RuntimeException notKept(Asset asset, List<String> allowed) {
        return none("the platform keeps no " + asset, allowed);
    }

    private static RuntimeException none(String detail, List<String> allowed) {
        return Problem.fieldInvalid("asset", detail).allowing(allowed).exception();
    }
}
