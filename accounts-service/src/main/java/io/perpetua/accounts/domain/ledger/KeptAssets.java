package io.perpetua.accounts.domain.ledger;

import io.perpetua.contracts.value.Usd;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The assets that the platform keeps: its collateral, and others of which each unit counts for so
 * many US dollars against the limits of withdrawals. A price here values nothing else.
 *
 * @param unitDollars the others, with the US dollars that a unit counts for: above 0
 */
public record KeptAssets(Map<Asset, BigDecimal> unitDollars) {
    /** So many others there are at most. */
    public static final int MOST_OTHERS = 16;

    private static final Pattern PRICE = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,12})?");
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /** Refuses too many, the collateral among them, and what counts for nothing. */
    public KeptAssets {
        if (unitDollars.size() > MOST_OTHERS) {
            throw new IllegalArgumentException("expected at most " + MOST_OTHERS + " assets");
        }
        if (unitDollars.containsKey(Asset.USDC)) {
            throw new IllegalArgumentException("USDC is kept without being named");
        }
        if (unitDollars.values().stream().anyMatch(price -> price.signum() <= 0)) {
            throw new IllegalArgumentException("a unit counts for more than 0 US dollars");
        }
        unitDollars = Map.copyOf(unitDollars);
    }

    /**
     * From entries such as {@code EURC=1.1}.
     *
     * @throws IllegalArgumentException if one is none, or names an asset again
     */
    public static KeptAssets parse(List<String> entries) {
        Map<Asset, BigDecimal> unitDollars = new HashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            if (equals < 0 || !PRICE.matcher(entry.substring(equals + 1)).matches()) {
                throw new IllegalArgumentException(
                        "expected ASSET=DOLLARS, at most 9 digits and 12 decimals: " + entry);
            }
            Asset asset = new Asset(entry.substring(0, equals));
            BigDecimal price = new BigDecimal(entry.substring(equals + 1));
            if (unitDollars.put(asset, price) != null) {
                throw new IllegalArgumentException(asset + " is there twice");
            }
        }
        return new KeptAssets(unitDollars);
    }

    /** Whether it is the collateral or one of the others. */
    public boolean has(Asset asset) {
        return asset.isCollateral() || unitDollars.containsKey(asset);
    }

    /** The others' codes, in order. */
    public List<String> otherCodes() {
        return unitDollars.keySet().stream().map(Asset::code).sorted().toList();
    }

    /** The collateral's code, then the others'. */
    public List<String> codes() {
        return Stream.concat(Stream.of(Asset.USDC.code()), otherCodes().stream()).toList();
    }

    /**
     * {@code amount x unitDollars}, rounded up to millionths; what leaves 64 bits is the largest
     * amount there is, which no limit is above.
     *
     * @throws IllegalArgumentException if the asset is not kept
     */
    public Usd dollars(Asset asset, Usd amount) {
        if (asset.isCollateral()) {
            return amount;
        }
        BigDecimal price = unitDollars.get(asset);
        if (price == null) {
            throw new IllegalArgumentException("the platform keeps no " + asset);
        }
        BigInteger micros =
                price.multiply(BigDecimal.valueOf(amount.micros()))
                        .setScale(0, RoundingMode.CEILING)
                        .toBigIntegerExact();
        return new Usd(micros.min(LARGEST).longValueExact());
    }
}
