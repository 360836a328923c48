package io.perpetua.risk.domain.engine;

import io.perpetua.contracts.value.UserId;
import io.perpetua.risk.domain.margin.Account;
import io.perpetua.risk.domain.user.UserStanding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The users of a shard with their accounts, and the standing of those who have another than nearly
 * everybody has. An account always carries its user's: deciding a command looks nowhere else.
 */
final class Users {
    private final Map<UserId, List<Account>> accounts = new HashMap<>();
    private final Map<UserId, UserStanding> standings = new HashMap<>();

    void add(Account account) {
        accounts.computeIfAbsent(account.user(), user -> new ArrayList<>(1)).add(account);
        account.stand(standing(account.user()));
    }

    List<Account> accountsOf(UserId user) {
        return accounts.getOrDefault(user, List.of());
    }

    UserStanding standing(UserId user) {
        return standings.getOrDefault(user, UserStanding.ACTIVE);
    }

    void stand(UserId user, UserStanding standing) {
        if (standing.equals(UserStanding.ACTIVE)) {
            standings.remove(user);
        } else {
            standings.put(user, standing);
        }
        accountsOf(user).forEach(account -> account.stand(standing));
    }

    Map<UserId, UserStanding> standings() {
        return Collections.unmodifiableMap(standings);
    }
}
