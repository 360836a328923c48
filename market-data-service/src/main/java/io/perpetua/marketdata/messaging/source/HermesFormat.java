package io.perpetua.marketdata.messaging.source;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Pyth's Hermes, {@code /v2/updates/price/stream}: each event's data is {@code {"binary":..,
 * "parsed":[{"id":"e62d..","price":{"price":"6140993501000","conf":"3287868567","expo":-8,
 * "publish_time":1714746101},"metadata":{"slot":138881186,..}}]}}; a price is {@code price x
 * 10^expo}. Products are price feed ids, 64 hexadecimal digits.
 */
public record HermesFormat() implements SourceFormat {
    private static final int LARGEST_EXPONENT = 18;

    @Override
    public boolean isEventStream() {
        return true;
    }

    @Override
    public String path(Collection<String> products) {
        return products.stream()
                .map(id -> "ids%5B%5D=" + id)
                .collect(
                        Collectors.joining(
                                "&", "/v2/updates/price/stream?", "&parsed=true&encoding=base64"));
    }

    @Override
    public List<String> greetings(Collection<String> products) {
        return List.of();
    }

    @Override
    public void read(JsonNode message, long receivedAtMillis, Readings readings) {
        JsonNode parsed = message.path("parsed");
        if (!parsed.isArray()) {
            readings.unreadable("no parsed prices");
        }
        for (JsonNode feed : parsed) {
            try {
                readings.read(reading(feed));
            } catch (IllegalArgumentException | ArithmeticException garbage) {
                readings.unreadable(String.valueOf(garbage.getMessage()));
            }
        }
    }

    private static Reading reading(JsonNode feed) {
        JsonNode price = feed.path("price");
        long exponent = WireNumbers.integer(price.path("expo"));
        if (exponent < -LARGEST_EXPONENT || exponent > LARGEST_EXPONENT) {
            throw new IllegalArgumentException("the exponent is too large");
        }
        BigDecimal confidence = WireNumbers.decimal(price.path("conf"));
        if (confidence.signum() < 0) {
            throw new IllegalArgumentException("the confidence is negative");
        }
        JsonNode slot = feed.path("metadata").path("slot");
        long slotNumber = slot.isMissingNode() || slot.isNull() ? 0 : WireNumbers.integer(slot);
        if (slotNumber < 0) {
            throw new IllegalArgumentException("the slot is negative");
        }
        return new Reading(
                WireNumbers.text(feed.path("id")),
                WireNumbers.units(
                        WireNumbers.decimal(price.path("price")).scaleByPowerOfTen((int) exponent),
                        RoundingMode.HALF_EVEN),
                WireNumbers.units(confidence.scaleByPowerOfTen((int) exponent), RoundingMode.UP),
                Math.multiplyExact(WireNumbers.integer(price.path("publish_time")), 1_000L),
                slotNumber);
    }
}
