package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.token.SignInId;
import io.perpetua.accounts.domain.user.UserState;
import io.perpetua.accounts.persistence.AgentStore;
import io.perpetua.accounts.persistence.AgentStore.AgentRow;
import io.perpetua.accounts.persistence.OpenSignInStore;
import io.perpetua.accounts.persistence.OpenSignInStore.EndedSignIn;
import io.perpetua.accounts.persistence.SignInStore;
import io.perpetua.accounts.persistence.UserLifeStore;
import io.perpetua.accounts.persistence.UserLifeStore.ClosingRow;
import io.perpetua.accounts.persistence.WalletRow;
import io.perpetua.accounts.persistence.WalletRows;
import io.perpetua.contracts.accounts.Agent;
import io.perpetua.contracts.accounts.ClosingKind;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.accounts.UserDeleted;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Does what follows once risk has frozen a user: ends the other sign-ins of one who is deactivated,
 * and lets their agents do nothing until they are back; of one who is deleted it ends all, removes
 * their agents, and deletes whatever tells who they are, in one commit with the event. A failure
 * changes nothing, and all of it is done again.
 */
@ApplicationScoped
public class ConcludeClosingHandler {
    private final UserLifeStore lives;
    private final SignInStore locks;
    private final OpenSignInStore signIns;
    private final WalletRows wallets;
    private final AgentStore agents;
    private final AgentChanges agentChanges;
    private final SignInEnding ending;
    private final AuditTrail audit;
    private final UserEventPublisher events;
    private final UserTransactions transactions;
    private final Clock clock;

    /** With what it reads and writes. */
    public ConcludeClosingHandler(
            UserLifeStore lives,
            SignInStore locks,
            OpenSignInStore signIns,
            WalletRows wallets,
            AgentStore agents,
            AgentChanges agentChanges,
            SignInEnding ending,
            AuditTrail audit,
            UserEventPublisher events,
            UserTransactions transactions,
            Clock clock) {
        this.lives = lives;
        this.locks = locks;
        this.signIns = signIns;
        this.wallets = wallets;
        this.agents = agents;
        this.agentChanges = agentChanges;
        this.ending = ending;
        this.audit = audit;
        this.events = events;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Ends it, unless it has ended. */
    public void handle(ClosingRow closing) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Ended ended =
                transactions.call(
                        closing.user(),
                        connection ->
                                closing.kind() == ClosingKind.DELETION
                                        ? delete(connection, closing, now)
                                        : deactivate(connection, closing, now));
        ending.committed(ended.signIns());
        ended.agents().forEach(agentChanges::committed);
        events.committed();
    }

    /** What no service takes requests of any more. */
    private record Ended(List<SignInRevoked> signIns, List<Agent> agents) {
        static final Ended NOTHING = new Ended(List.of(), List.of());
    }

    private Ended deactivate(Connection connection, ClosingRow closing, Instant now)
            throws SQLException {
        UserId user = closing.user();
        lives.hold(connection, user);
        if (!lives.finish(connection, closing.id(), now)) {
            return Ended.NOTHING;
        }
        List<EndedSignIn> ended =
                signIns.endOthers(connection, user, new SignInId(closing.keptSignIn()));
        lives.move(connection, user, UserState.DEACTIVATED);
        record(
                connection,
                user,
                AuditAction.USER_PRESENCE_CHANGED,
                UserState.DEACTIVATING,
                UserState.DEACTIVATED);
        List<Agent> paused =
                agentChanges.publishAll(connection, user, agents.list(connection), false);
        return new Ended(ending.publish(connection, user, ended, now), paused);
    }

    /** The wallets' locks come first, as in a sign-in of each. */
    private Ended delete(Connection connection, ClosingRow closing, Instant now)
            throws SQLException {
        UserId user = closing.user();
        List<String> known = stored(user);
        for (WalletRow row : wallets.of(user.value())) {
            locks.lockWallet(connection, row.wallet());
        }
        lives.seize(connection, user);
        if (!lives.finish(connection, closing.id(), now)) {
            return Ended.NOTHING;
        }
        if (!stored(user).equals(known)) {
            throw new IllegalStateException("user " + user + " linked a wallet meanwhile");
        }
        if (lives.hasBalance(connection, user)) {
            throw new IllegalStateException(
                    "user " + user + " is flat to risk, and the ledger has a balance of theirs");
        }
        List<EndedSignIn> ended = signIns.endAll(connection, user);
        lives.deletePersonal(connection, user);
        lives.move(connection, user, UserState.DELETED);
        record(connection, user, AuditAction.USER_DELETED, UserState.CLOSING, UserState.DELETED);
        List<Agent> removed = removeAgents(connection, user, now);
        List<SignInRevoked> revoked = ending.publish(connection, user, ended, now);
        events.publish(connection, List.of(new UserDeleted(user, now.toEpochMilli())));
        return new Ended(revoked, removed);
    }

    /**
     * Tells of those that were removed before too, so that nothing is left of what the topic, which
     * keeps the newest of each address, has of where they sent from.
     */
    private List<Agent> removeAgents(Connection connection, UserId user, Instant now)
            throws SQLException {
        Set<String> present =
                agents.removeAll(connection, now).stream()
                        .map(AgentRow::address)
                        .collect(Collectors.toSet());
        List<AgentRow> blank = agents.blankAll(connection);
        List<Agent> removed = new ArrayList<>();
        for (AgentRow agent : blank) {
            if (present.contains(agent.address())) {
                removed.add(
                        agentChanges.publish(
                                connection,
                                user,
                                agent.address(),
                                agent.terms(),
                                true,
                                AuditOrigin.NONE));
            }
        }
        List<AgentRow> gone =
                blank.stream().filter(agent -> !present.contains(agent.address())).toList();
        removed.addAll(agentChanges.publishAll(connection, user, gone, false));
        return removed;
    }

    private List<String> stored(UserId user) {
        return wallets.of(user.value()).stream()
                .map(WalletRow::wallet)
                .map(Wallet::stored)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    private void record(
            Connection connection,
            UserId user,
            AuditAction action,
            UserState before,
            UserState after)
            throws SQLException {
        audit.append(
                connection,
                new AuditEntry(
                        AuditActor.service("accounts"),
                        action,
                        "user:" + user,
                        CanonicalJson.of(Map.of("state", before)),
                        CanonicalJson.of(Map.of("state", after)),
                        AuditOrigin.NONE));
    }
}
