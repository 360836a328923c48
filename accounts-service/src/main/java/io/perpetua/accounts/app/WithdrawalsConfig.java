package io.perpetua.accounts.app;

import io.smallrye.config.WithDefault;

/** Settings of withdrawals, {@code perpetua.accounts.withdrawals.*}. */
public interface WithdrawalsConfig {
    /** How long an address stands in the address book before it can be withdrawn to. */
    @WithDefault("86400")
    int addressDelaySeconds();

    /** How many addresses a user's address book has. */
    @WithDefault("50")
    int addressesPerUser();

    /** What a withdrawal has at least. */
    @WithDefault("1")
    long leastDollars();

    /** What a withdrawal has at most. */
    @WithDefault("1000000")
    long mostDollars();

    /** What a user withdraws at most within an hour. */
    @WithDefault("1000000")
    long userHourDollars();

    /** What a user withdraws at most within a day. */
    @WithDefault("5000000")
    long userDayDollars();

    /** What a user of whom it is not known who they are withdraws at most within a day. */
    @WithDefault("1000")
    long unverifiedDayDollars();

    /** What all users withdraw at most within an hour. */
    @WithDefault("20000000")
    long platformHourDollars();

    /** What all users withdraw at most within a day. */
    @WithDefault("100000000")
    long platformDayDollars();

    /** How often is looked whether the custodian is to be called. */
    @WithDefault("250")
    int pollMillis();

    /** How many calls of the custodian this instance has under way at most. */
    @WithDefault("4")
    int callers();

    /** How long whoever calls the custodian has until another may call for the same withdrawal. */
    @WithDefault("30")
    int callSeconds();

    /** How long is waited after a call without an answer; twice as long after each further one. */
    @WithDefault("1000")
    int retryMillis();

    /** How long the custodian's notice is waited for before the custodian is asked. */
    @WithDefault("60")
    int silenceSeconds();
}
