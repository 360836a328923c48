package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;

/**
 * A subaccount exists from here on. {@code address} is its public identity: 0x and 40 hexadecimal
 * digits. A user's first one, number 0, is opened with the user.
 */
public record SubaccountOpened(
        UserId user, SubaccountId subaccount, int number, String address, long atMillis)
        implements UserEvent {}
