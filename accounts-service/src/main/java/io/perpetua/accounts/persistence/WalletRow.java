package io.perpetua.accounts.persistence;

import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A wallet that signs a user in, as stored. */
@Entity
@Table(name = "wallet")
public class WalletRow {
    @Id private String address = "";

    @Enumerated(EnumType.STRING)
    @Column(updatable = false)
    private WalletKind kind = WalletKind.EVM;

    @Column(name = "user_id", updatable = false)
    private long userId;

    @Column(name = "linked_at", updatable = false)
    private Instant linkedAt = Instant.EPOCH;

    /** For Hibernate. */
    protected WalletRow() {}

    /** A wallet newly linked. */
    public WalletRow(Wallet wallet, long userId, Instant now) {
        this.address = wallet.stored();
        this.kind = wallet.kind();
        this.userId = userId;
        this.linkedAt = now;
    }

    public Wallet wallet() {
        return Wallet.ofStored(kind, address);
    }

    public long userId() {
        return userId;
    }

    public Instant linkedAt() {
        return linkedAt;
    }
}
