package io.perpetua.edge;

/** Why a request is not authenticated. */
public enum TokenRefusal {
    /** No header {@code Authorization: Bearer ..}. */
    TOKEN_MISSING("the header 'Authorization: Bearer <access token>' is required"),
    /** Not signed by accounts-service, not for this platform, or no token at all. */
    TOKEN_INVALID("the access token is not one of this platform"),
    /** Its time is over: sign in again. */
    TOKEN_EXPIRED("the access token has expired"),
    /** Withdrawn before its time was over. */
    TOKEN_REVOKED("the access token was withdrawn");

    private final String detail;

    TokenRefusal(String detail) {
        this.detail = detail;
    }

    /** The answer to the request. */
    public Problem problem() {
        return Problem.of(401, name(), detail).at("Authorization");
    }
}
