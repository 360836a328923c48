package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.user.ReferralCode;
import io.perpetua.accounts.persistence.UserProfileStore;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;

/** The part of a first sign-in that makes the user's profile. */
@ApplicationScoped
public class ProfileOpening {
    /** Codes have 50 random bits: even a second attempt is next to never needed. */
    private static final int ATTEMPTS = 4;

    private final UserProfileStore profiles;
    private final SecureRandom random = new SecureRandom();

    /** With where it writes. */
    public ProfileOpening(UserProfileStore profiles) {
        this.profiles = profiles;
    }

    /** Makes an empty profile with a referral code of its own. */
    void open(Connection connection, UserId user) throws SQLException {
        byte[] bytes = new byte[ReferralCode.RANDOM_BYTES];
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            random.nextBytes(bytes);
            if (profiles.create(connection, user, ReferralCode.of(bytes))) {
                return;
            }
        }
        throw new IllegalStateException("no referral code is free");
    }
}
