package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.UserId;

/** A suspension is lifted. */
public record UserReinstated(UserId user, long atMillis) implements UserEvent {}
