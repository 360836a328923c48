package io.perpetua.accounts.domain.exchange;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * What somebody has of one currency at an exchange, exactly as the exchange says it; free and
 * locked are all there is.
 *
 * @param account a part of what they have there, by the exchange's name; empty where there is one
 * @param currency by the exchange's name, which may be another one elsewhere
 * @param free to be spent; below zero where they owe
 * @param locked by open orders or as margin, never below zero
 */
public record Fund(String account, String currency, BigDecimal free, BigDecimal locked) {
    /** The most places behind the point, and before it. */
    public static final int PLACES = 24;

    private static final int MOST_SCALE = 64;
    private static final Pattern CURRENCY = Pattern.compile("[A-Za-z0-9._:@/-]{1,32}");
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9._-]{0,32}");

    /** Refuses what is none. */
    public Fund {
        if (!CURRENCY.matcher(currency).matches() || !ACCOUNT.matcher(account).matches()) {
            throw new IllegalArgumentException("no name of a currency or account");
        }
        free = plain(free);
        locked = plain(locked);
        if (locked.signum() < 0) {
            throw new IllegalArgumentException("less than nothing is locked");
        }
    }

    /** Free and locked together. */
    public BigDecimal total() {
        return free.add(locked);
    }

    /** Whether there is nothing of it. */
    public boolean isEmpty() {
        return free.signum() == 0 && locked.signum() == 0;
    }

    /** Both of one currency and account together. */
    public Fund plus(Fund other) {
        return new Fund(account, currency, free.add(other.free), locked.add(other.locked));
    }

    /** The same amount, without places that say nothing. */
    private static BigDecimal plain(BigDecimal amount) {
        if (amount.signum() == 0) {
            return BigDecimal.ZERO;
        }
        // Before anything is reckoned: an exponent may be as large as no amount is.
        if (Math.abs((long) amount.scale()) > MOST_SCALE) {
            throw new IllegalArgumentException("more than " + PLACES + " places");
        }
        BigDecimal stripped = amount.stripTrailingZeros();
        if (stripped.scale() > PLACES || stripped.precision() - stripped.scale() > PLACES) {
            throw new IllegalArgumentException("more than " + PLACES + " places");
        }
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
