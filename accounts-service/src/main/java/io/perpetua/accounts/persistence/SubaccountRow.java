package io.perpetua.accounts.persistence;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A subaccount, as stored; its public address is in lower case. */
@Entity
@Table(name = "subaccount")
public class SubaccountRow {
    @Id
    @Column(name = "subaccount_id")
    private long subaccountId;

    @Column(name = "user_id", updatable = false)
    private long userId;

    @Column(updatable = false)
    private int number;

    private String name = "";

    @Column(updatable = false)
    private String address = "";

    @Column(name = "opened_at", updatable = false)
    private Instant openedAt = Instant.EPOCH;

    /** For Hibernate. */
    protected SubaccountRow() {}

    /** A subaccount newly opened. */
    public SubaccountRow(
            long subaccountId, long userId, int number, String name, String address, Instant now) {
        this.subaccountId = subaccountId;
        this.userId = userId;
        this.number = number;
        this.name = name;
        this.address = address;
        this.openedAt = now;
    }

    public long subaccountId() {
        return subaccountId;
    }

    public long userId() {
        return userId;
    }

    public int number() {
        return number;
    }

    public String name() {
        return name;
    }

    public String address() {
        return address;
    }

    public Instant openedAt() {
        return openedAt;
    }
}
