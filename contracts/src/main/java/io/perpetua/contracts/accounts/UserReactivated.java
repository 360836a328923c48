package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.UserId;

/** A deactivated user is back. */
public record UserReactivated(UserId user, long atMillis) implements UserEvent {}
