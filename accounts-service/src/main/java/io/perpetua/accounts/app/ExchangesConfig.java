package io.perpetua.accounts.app;

import io.smallrye.config.WithDefault;
import java.net.URI;

/**
 * Where other exchanges are asked for balances, {@code perpetua.accounts.exchanges.*}; https, or
 * http on this machine. No user ever names an address.
 */
public interface ExchangesConfig {
    /** Binance's spot market. */
    @WithDefault("https://api.binance.com")
    URI binanceUrl();

    /** Coinbase Advanced. */
    @WithDefault("https://api.coinbase.com")
    URI coinbaseUrl();

    /** Coinbase Exchange. */
    @WithDefault("https://api.exchange.coinbase.com")
    URI coinbaseExchangeUrl();

    /** Kraken's spot market. */
    @WithDefault("https://api.kraken.com")
    URI krakenUrl();

    /** Zerodha's Kite Connect. */
    @WithDefault("https://api.kite.trade")
    URI zerodhaUrl();

    /** In how much time an exchange has to have answered, with all pages of the answer. */
    @WithDefault("10000")
    int answerMillis();

    /** How many requests to exchanges are under way at once. */
    @WithDefault("8")
    int callsMax();
}
