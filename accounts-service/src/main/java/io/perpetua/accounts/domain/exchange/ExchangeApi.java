package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.vault.Secret;
import java.util.List;
import java.util.Locale;

/** Whose interface a key of another exchange is for, and how that wants requests signed. */
public enum ExchangeApi {
    /** Binance's spot market. */
    BINANCE(ExchangeSigning.HMAC_SHA256),
    /** Coinbase Advanced, by a key of the Coinbase Developer Platform. */
    COINBASE_ADVANCED(ExchangeSigning.ES256),
    /** Coinbase Exchange, by a key with a passphrase. */
    COINBASE_EXCHANGE(ExchangeSigning.HMAC_SHA256_BASE64),
    /** Kraken's spot market. */
    KRAKEN(ExchangeSigning.HMAC_SHA512),
    /** Zerodha's Kite Connect, whose passphrase is the access token of the day. */
    KITE_CONNECT(ExchangeSigning.SHA256),
    /** Any other, of which nothing is known but how most sign. */
    OTHER(ExchangeSigning.HMAC_SHA256);

    /** The exchanges whose balances can be asked for, as keys name them. */
    public static final List<String> WITH_BALANCES =
            List.of("Binance", "Coinbase", "Kraken", "Zerodha");

    private final ExchangeSigning signing;

    ExchangeApi(ExchangeSigning signing) {
        this.signing = signing;
    }

    /** That of an exchange, by its name and, of Coinbase's two, by the form of the secret. */
    public static ExchangeApi of(String exchange, Secret secret) {
        return switch (exchange.toLowerCase(Locale.ROOT)) {
            case "binance" -> BINANCE;
            case "coinbase" ->
                    CoinbaseToken.isSignedWith(secret) ? COINBASE_ADVANCED : COINBASE_EXCHANGE;
            case "kraken" -> KRAKEN;
            case "zerodha" -> KITE_CONNECT;
            default -> OTHER;
        };
    }

    /** How its requests are signed. */
    public ExchangeSigning signing() {
        return signing;
    }

    /**
     * Whether every signed request carries a secret in its head, so that nobody but the platform
     * can be let send it.
     */
    public boolean sendsASecret() {
        return this == COINBASE_EXCHANGE;
    }

    /** Whether what is signed opens a session that may do whatever the key may. */
    public boolean signsSessions() {
        return this == KITE_CONNECT;
    }

    /** Whether what is signed shows what a request does: its method or its path. */
    public boolean signsWhatItDoes() {
        return this == COINBASE_ADVANCED || this == KRAKEN;
    }

    /** Whether balances can't be asked for without the passphrase. */
    public boolean needsPassphrase() {
        return this == COINBASE_EXCHANGE || this == KITE_CONNECT;
    }
}
