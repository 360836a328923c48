package io.perpetua.accounts.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;

/** Settings of the service, {@code perpetua.accounts.*}. */
@ConfigMapping(prefix = "perpetua.accounts")
public interface AccountsConfig {
    /** Where this service is reached by the others. */
    URI url();

    /** Where risk-service is reached, which is asked how much of a balance could leave. */
    @WithDefault("http://127.0.0.1:8083")
    URI riskUrl();

    /** How long its answer is waited for, 50 to 5,000. */
    @WithDefault("1000")
    int riskMillis();

    /** How many requests ask it at once, 1 to 1,000; the others go without an answer. */
    @WithDefault("32")
    int riskCallsMax();

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

    /** How long an access token is valid; at most a day. */
    @WithDefault("900")
    int accessTokenSeconds();

    /** How long a sign-in lasts at most, however often it is refreshed. */
    @WithDefault("2592000")
    int signInSeconds();

    /** How long a sign-in lasts without being refreshed; longer than an access token. */
    @WithDefault("604800")
    int signInIdleSeconds();

    /**
     * How long after its use a refresh token may be sent again, by a client that got no answer, and
     * is answered with the same successor.
     */
    @WithDefault("30")
    int refreshRepeatSeconds();

    /** How many sign-ins of a user last at once; the longest unused ends for a further one. */
    @WithDefault("50")
    int signInsPerUser();

    /** How many wallets a user can have. */
    @WithDefault("10")
    int walletsPerUser();

    /** How many agents a user can have at a time, expired ones among them. */
    @WithDefault("20")
    int agentsPerUser();

    /** How many agents a user can ever have, since removed ones are kept for ever. */
    @WithDefault("1000")
    int agentsPerUserEver();

    /** The cluster that Solana wallets sign in on: mainnet, testnet, devnet or localnet. */
    @WithDefault("mainnet")
    String solanaCluster();

    /** How long a key signs access tokens before the next one does. */
    @WithDefault("2592000")
    int signingKeySeconds();

    /** How long a key is published before it signs. */
    @WithDefault("600")
    int signingKeyAnnouncedSeconds();

    /**
     * The file with the keys that wrap the keys of secrets in the database: a line each, {@code
     * id:} and 64 hexadecimal digits; the last one wraps, all of them unwrap. Made at the first
     * start, readable by its owner only; without it the database's secrets are lost.
     */
    @WithDefault(".perpetua/accounts-key")
    Path keyFile();

    /** How often secrets are looked for that another key than the last one wraps. */
    @WithDefault("60")
    int rewrapSeconds();

    /** How many Hypercore subaccounts a user can have. */
    @WithDefault("100")
    int hypercoreSubaccountsPerUser();

    /** How many exchange keys a user can have. */
    @WithDefault("100")
    int exchangeKeysPerUser();

    /** Where other exchanges are asked for balances. */
    ExchangesConfig exchanges();

    /** How many subaccounts a user can open. */
    @WithDefault("20")
    int subaccountsPerUser();

    /** For how many days a new user can still name who brought them. */
    @WithDefault("30")
    int referrerDays();

    /** How long a request to leave waits for what becomes of it before it is answered 202. */
    @WithDefault("3000")
    int closingAnswerWithinMillis();

    /** How often users whom risk has frozen are looked for. */
    @WithDefault("200")
    int closingPollMillis();

    /**
     * The assets that the platform keeps beside USDC, at most 16, each with the US dollars that a
     * unit counts for against the limits of withdrawals: {@code USDT=1,EURC=1.1}.
     */
    Optional<List<String>> assets();

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

    /**
     * The file with the secret by which the first administrator enrols, while there has been none;
     * without one nobody can.
     */
    Optional<Path> adminBootstrapFile();

    /** How long an administrator's access token is valid. */
    @WithDefault("600")
    int adminTokenSeconds();

    /** How long an administrator's enrolment token is valid. */
    @WithDefault("86400")
    int adminEnrolmentSeconds();

    /** The OpenID provider that administrators may sign in by. */
    OidcConfig oidc();

    /** How long an administrator's request waits for another administrator. */
    @WithDefault("86400")
    int approvalSeconds();

    /** How many requests of administrators wait for another administrator at once. */
    @WithDefault("100")
    int approvalsOpenMax();

    /** How often the audit log's end, when it has moved, is written to the service's log. */
    @WithDefault("60")
    int auditHeadSeconds();

    /** Withdrawals: how much, where to, and how the custodian is called. */
    WithdrawalsConfig withdrawals();

    /** The custodian that is only simulated; for development only. */
    SimulatedCustodyConfig simulatedCustody();

    /** Whether the ledger is compared with risk's copies every night, an hour from this time on. */
    @WithDefault("true")
    boolean reconcileNightly();

    /** From when on in the night, in UTC. */
    @WithDefault("02:30")
    LocalTime reconcileAt();

    /** Whether this instance takes its part of the settlements and sends events. */
    @WithDefault("true")
    boolean shardsEnabled();
}
