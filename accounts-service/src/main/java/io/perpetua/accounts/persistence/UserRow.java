package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.user.KycStatus;
import io.perpetua.accounts.domain.user.RiskLevel;
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

    /** Only administrators decide on these. */
    @Column(name = "kyc_status", insertable = false, updatable = false)
    private String kycStatus = KycStatus.PENDING.name();

    @Column(name = "risk_level", insertable = false, updatable = false)
    private String riskLevel = RiskLevel.LOW.name();

    @Column(name = "trading_tier", insertable = false, updatable = false)
    private short tradingTier;

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

    public KycStatus kycStatus() {
        return KycStatus.valueOf(kycStatus);
    }

    public RiskLevel riskLevel() {
        return RiskLevel.valueOf(riskLevel);
    }

    public int tradingTier() {
        return tradingTier;
    }

    /** Notes another sign-in. */
    public void signedIn(Instant now) {
        this.lastSignInAt = now;
    }
}
