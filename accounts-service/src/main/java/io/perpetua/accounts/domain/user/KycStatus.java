package io.perpetua.accounts.domain.user;

import java.util.List;

/** Whether it is known who a user is, and which way an administrator may decide next. */
public enum KycStatus {
    /** Not looked at, or to be looked at again. */
    PENDING,
    /** Known. */
    VERIFIED,
    /** Turned down. */
    REJECTED,
    /** Known once, and in doubt now. */
    SUSPENDED;

    /** What may follow. */
    public List<KycStatus> next() {
        return switch (this) {
            case PENDING -> List.of(VERIFIED, REJECTED);
            case VERIFIED -> List.of(SUSPENDED);
            case REJECTED -> List.of(PENDING);
            case SUSPENDED -> List.of(VERIFIED, REJECTED);
        };
    }
}
