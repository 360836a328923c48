package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.audit.AuditAction;
import io.perpetua.accounts.domain.audit.AuditActor;
import io.perpetua.accounts.domain.audit.AuditEntry;
import io.perpetua.accounts.domain.audit.AuditOrigin;
import io.perpetua.accounts.domain.audit.CanonicalJson;
import io.perpetua.accounts.domain.user.EmailAddress;
import io.perpetua.accounts.domain.user.ReferralCode;
import io.perpetua.accounts.domain.user.ReferrerRefusal;
import io.perpetua.accounts.domain.user.Username;
import io.perpetua.accounts.persistence.UserProfileStore;
import io.perpetua.accounts.persistence.UserProfileStore.Profile;
import io.perpetua.accounts.persistence.UserProfileStore.UsernameTakenException;
import io.perpetua.accounts.persistence.UserRow;
import io.perpetua.accounts.persistence.UserRows;
import io.perpetua.contracts.value.UserId;
import io.perpetua.edge.UserTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Changes what a user says of themself, all of it or nothing. */
@ApplicationScoped
public class ChangeProfileHandler {
    private final UserProfileStore profiles;
    private final UserRows users;
    private final AuditTrail audit;
    private final UserTransactions transactions;
    private final Clock clock;
    private final Duration referrerWithin;

    /** With where it writes. */
    public ChangeProfileHandler(
            UserProfileStore profiles,
            UserRows users,
            AuditTrail audit,
            UserTransactions transactions,
            Clock clock,
            AccountsConfig config) {
        this.profiles = profiles;
        this.users = users;
        this.audit = audit;
        this.transactions = transactions;
        this.clock = clock;
        this.referrerWithin = Duration.ofDays(config.referrerDays());
    }

    /** What a field is to become; null: nothing. */
    public record Edit<T>(@Nullable T value) {}

    /** A wish; what is null stays. */
    public record ChangeProfile(
            UserId user,
            @Nullable Edit<Username> username,
            @Nullable Edit<EmailAddress> email,
            @Nullable ReferralCode referrer,
            AuditOrigin origin) {}

    /** What became of it. */
    public sealed interface ProfileOutcome {
        /** The profile is so now. */
        record Changed() implements ProfileOutcome {}

        /** Another user has the name. */
        record NameTaken() implements ProfileOutcome {}

        /** The referrer is not taken, and neither is the rest. */
        record ReferrerRefused(ReferrerRefusal refusal) implements ProfileOutcome {}

        /** There is no such user any more. */
        record Unknown() implements ProfileOutcome {}
    }

    /** Changes the profile. */
    public ProfileOutcome handle(ChangeProfile command) {
        try {
            return transactions.call(command.user(), connection -> change(connection, command));
        } catch (UsernameTakenException taken) {
            return new ProfileOutcome.NameTaken();
        }
    }

    private ProfileOutcome change(Connection connection, ChangeProfile command)
            throws SQLException {
        UserId id = command.user();
        Optional<Profile> held = profiles.hold(connection, id);
        UserRow user = users.findById(id.value());
        if (held.isEmpty() || user == null) {
            return new ProfileOutcome.Unknown();
        }
        Profile before = held.get();
        ReferralCode code = command.referrer();
        if (code != null && !code.equals(before.referrerCode())) {
            UserId referrer = profiles.referrerWith(connection, code);
            ReferrerRefusal refusal =
                    ReferrerRefusal.decide(
                            id,
                            user.createdAt(),
                            before.referrerCode() != null,
                            referrer,
                            referrerWithin,
                            clock.instant());
            if (refusal != null || referrer == null) {
                return new ProfileOutcome.ReferrerRefused(
                        refusal == null ? ReferrerRefusal.REFERRAL_CODE_UNKNOWN : refusal);
            }
            profiles.refer(connection, id, referrer, code);
        }
        EmailAddress email = command.email() == null ? before.email() : command.email().value();
        profiles.write(
                connection,
                id,
                command.username() == null ? before.username() : command.username().value(),
                email);
        if (!Objects.equals(before.email(), email)) {
            audit.append(
                    connection,
                    new AuditEntry(
                            AuditActor.user(id),
                            AuditAction.USER_EMAIL_CHANGED,
                            "user:" + id,
                            state(before.email()),
                            state(email),
                            command.origin()));
        }
        return new ProfileOutcome.Changed();
    }

    /** The audit log keeps for ever what it has, so that it has no address. */
    private static String state(@Nullable EmailAddress email) {
        return CanonicalJson.of(Map.of("hasEmail", email != null));
    }
}
