package io.perpetua.marketdata.messaging.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.perpetua.marketdata.domain.mark.MovingAverage;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Numbers as sources write them. What is none is an {@code IllegalArgumentException}. */
final class WireNumbers {
    private static final int LONGEST = 40;
    private static final int PRICE_SCALE = 8;

    private static final BigDecimal LARGEST_UNITS = BigDecimal.valueOf(MovingAverage.MOST_UNITS);

    private WireNumbers() {}

    /** A JSON number or a text that holds one, at most 40 characters long and wide. */
    static BigDecimal decimal(JsonNode node) {
        if (!node.isTextual() && !node.isNumber()) {
            throw new IllegalArgumentException("no number");
        }
        String text = node.asText();
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("a number is too long");
        }
        BigDecimal value = node.isNumber() ? node.decimalValue() : new BigDecimal(text);
        if (Math.abs((long) value.scale()) > LONGEST) {
            throw new IllegalArgumentException("a number is too wide");
        }
        return value;
    }

    /** A price in units of 1e-8, rounded. */
    static long units(BigDecimal price, RoundingMode rounding) {
        BigDecimal units = price.movePointRight(PRICE_SCALE).setScale(0, rounding);
        if (units.abs().compareTo(LARGEST_UNITS) > 0) {
            throw new IllegalArgumentException("a price is too large");
        }
        return units.longValueExact();
    }

    /** A price in units of 1e-8, rounded half even. */
    static long units(JsonNode price) {
        return units(decimal(price), RoundingMode.HALF_EVEN);
    }

    static String text(JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException("no text");
        }
        return node.textValue();
    }

    static long integer(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new IllegalArgumentException("no whole number");
        }
        return node.longValue();
    }

    /** The milliseconds of a time as in RFC 3339. */
    static long millis(JsonNode node) {
        try {
            return Instant.parse(text(node)).toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException malformed) {
            throw new IllegalArgumentException("no time", malformed);
        }
    }

    /**
     * What the two sides of a venue's book say: half way between, and half of the spread, rounded
     * up, as the confidence.
     */
    static Reading quote(String product, JsonNode bid, JsonNode ask, long publishedAtMillis) {
        long low = units(bid);
        long high = units(ask);
        if (low > high) {
            throw new IllegalArgumentException("bid above ask");
        }
        long spread = Math.subtractExact(high, low);
        return new Reading(product, low + spread / 2, spread - spread / 2, publishedAtMillis, 0);
    }
}
