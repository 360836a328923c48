package io.perpetua.contracts.accounts;

import io.perpetua.contracts.value.UserId;

/**
 * A user is gone for good, and with them whatever told who they were. What must be kept stays under
 * their id, which is never used again; who knows more of the user than the id forgets it now.
 */
public record UserDeleted(UserId user, long atMillis) implements UserEvent {}
