package io.perpetua.accounts.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A wallet that signs a user in, as stored; its address is in lower case. */
@Entity
@Table(name = "wallet")
public class WalletRow {
    @Id private String address = "";

    @Column(name = "user_id", updatable = false)
    private long userId;

    @Column(name = "linked_at", updatable = false)
    private Instant linkedAt = Instant.EPOCH;

    /** For Hibernate. */
    protected WalletRow() {}

    /** A wallet newly linked. */
    public WalletRow(String address, long userId, Instant now) {
        this.address = address;
        this.userId = userId;
        this.linkedAt = now;
    }

    public String address() {
        return address;
    }

    public long userId() {
        return userId;
    }

    public Instant linkedAt() {
        return linkedAt;
    }
}
