package io.perpetua.accounts.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the service, {@code perpetua.accounts.*}. */
@ConfigMapping(prefix = "perpetua.accounts")
public interface AccountsConfig {
    /** Where this service is reached by the others. */
    URI url();

    /** The authority that wallets are asked to sign in to: where users reach the platform. */
    @WithDefault("127.0.0.1:8080")
    String signInDomain();

    /** The URI that wallets are asked to sign in to; messages may name any URI of its origin. */
    @WithDefault("http://127.0.0.1:8080")
    URI signInUri();

    /** What the wallet shows its owner. */
    @WithDefault("Sign in to Perpetua. This costs nothing and sends no transaction.")
    String signInStatement();

    /** How long a challenge can be answered. */
    @WithDefault("300")
    int challengeSeconds();

    /** How long an access token is valid. */
    @WithDefault("900")
    int accessTokenSeconds();

    /**
     * The file with the key that seals secrets in the database: 64 hexadecimal digits. Made at the
     * first start, readable by its owner only; without it the database's secrets are lost.
     */
    @WithDefault(".perpetua/accounts-key")
    Path keyFile();

    /** How many subaccounts a user can open. */
    @WithDefault("20")
    int subaccountsPerUser();

    /** Whether the faucet gives money away; for development only. */
    @WithDefault("false")
    boolean faucetEnabled();

    /** The most one call of the faucet gives. */
    @WithDefault("10000000")
    long faucetLimitDollars();

    /**
     * The secret by which the custodian signs its notices, shared with it; without one every notice
     * is refused.
     */
    Optional<String> custodianSecret();

    /** How often the audit log's end, when it has moved, is written to the service's log. */
    @WithDefault("60")
    int auditHeadSeconds();

    /** Whether this instance takes its part of the settlements and sends events. */
    @WithDefault("true")
    boolean shardsEnabled();
}
