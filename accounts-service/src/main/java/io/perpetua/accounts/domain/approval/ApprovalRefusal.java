package io.perpetua.accounts.domain.approval;

/** Why an administrator can't decide on a request; the first that applies is reported. */
public enum ApprovalRefusal {
    /** It is the administrator's own. */
    OWN_REQUEST,
    /** Another administrator has decided, or the same one otherwise. */
    APPROVAL_DECIDED,
    /** Nobody decided in time. */
    APPROVAL_EXPIRED,
    /** Who asked may not ask for it any more. */
    REQUESTER_NOT_ENTITLED,
    /** The user whose balance is to grow is deleted, or asked to be. */
    USER_CLOSING
}
