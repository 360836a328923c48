package io.perpetua.accounts.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A user, as stored. */
@Entity
@Table(name = "app_user")
public class UserRow {
    @Id
    @Column(name = "user_id")
    private long userId;

    @Column(name = "created_at", updatable = false)
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "last_sign_in_at")
    private Instant lastSignInAt = Instant.EPOCH;

    /** For Hibernate. */
    protected UserRow() {}

    /** A user who signs in for the first time. */
    public UserRow(long userId, Instant now) {
        this.userId = userId;
        this.createdAt = now;
        this.lastSignInAt = now;
    }

    public long userId() {
        return userId;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant lastSignInAt() {
        return lastSignInAt;
    }

    /** Notes another sign-in. */
    public void signedIn(Instant now) {
        this.lastSignInAt = now;
    }
}
