package io.perpetua.accounts.domain.hypercore;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which of a user's subaccounts Hypercore's clients get the private key of. */
public final class CredentialChoice {
    private CredentialChoice() {}

    /**
     * The only one, whatever its flag; of several the first active one; else none.
     *
     * @param entries in the order of their creation
     */
    public static <T> Optional<T> of(List<T> entries, Predicate<T> isActive) {
        return entries.size() == 1
                ? Optional.of(entries.getFirst())
                : entries.stream().filter(isActive).findFirst();
    }
}
