package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.UserId;

/**
 * An administrator has suspended a user: from here on they may cancel and reduce, and no money of
 * theirs moves.
 */
public record UserSuspended(UserId user, long atMillis) implements UserEvent {}
