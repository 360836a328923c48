package io.perpetua.marketdata.domain.approval;

/** Why an administrator can't decide on a request; the first that applies is reported. */
public enum ApprovalRefusal {
    /** It is the administrator's own. */
    OWN_REQUEST,
    /** Another administrator has decided, or the same one otherwise. */
    APPROVAL_DECIDED,
    /** Nobody decided in time. */
    APPROVAL_EXPIRED
}
