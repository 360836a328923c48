package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.accounts.domain.ledger.KeptAssets;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Assets in requests: those that the platform keeps. */
final class AssetFields {
    private AssetFields() {}

    /** A kept asset. @throws io.perpetua.edge.ProblemException that names those that are kept */
    static Asset kept(@Nullable String text, KeptAssets assets) {
        Asset asset = Fields.required("asset", text, Asset::new);
        if (!assets.has(asset)) {
            throw none("the platform keeps no " + asset, assets.codes());
        }
        return asset;
    }

    /** The same but the collateral. */
    static Asset keptBesideCollateral(@Nullable String text, KeptAssets assets) {
        Asset asset = kept(text, assets);
        if (asset.isCollateral()) {
            throw none(asset + " is moved by POST /v1/transfers", assets.otherCodes());
        }
        return asset;
    }

    private static RuntimeException none(String detail, List<String> allowed) {
        return Problem.fieldInvalid("asset", detail).allowing(allowed).exception();
    }
}
