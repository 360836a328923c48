package io.perpetua.accounts.api;

import io.perpetua.accounts.app.SecretKeys;
import io.perpetua.accounts.app.SigningKey;
import io.perpetua.edge.Unmetered;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigInteger;
import java.util.Base64;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The public keys of access tokens (RFC 7517). */
@Path("/v1/jwks.json")
@PermitAll
@Unmetered
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Sign-in")
public class KeySetResource {
    private static final int COORDINATE_BYTES = 32;

    private final SecretKeys keys;

    /** With the keys. */
    public KeySetResource(SecretKeys keys) {
        this.keys = keys;
    }

    /** A set of keys. */
    public record KeySet(List<Key> keys) {}

    /** A public key on P-256. */
    public record Key(
            String kty, String crv, String kid, String use, String alg, String x, String y) {}

    /** All keys that a valid token can be signed with. */
    @GET
    @Operation(
            operationId = "getTokenKeys",
            summary = "The public keys that access tokens are signed with")
    @APIResponse(responseCode = "200", description = "A JSON Web Key Set")
    public KeySet keys() {
        return new KeySet(keys.all().stream().map(KeySetResource::published).toList());
    }

    private static Key published(SigningKey key) {
        return new Key(
                "EC",
                "P-256",
                key.id(),
                "sig",
                "ES256",
                coordinate(key.publicKey().getW().getAffineX()),
                coordinate(key.publicKey().getW().getAffineY()));
    }

    private static String coordinate(BigInteger value) {
        byte[] shortest = value.toByteArray();
        byte[] padded = new byte[COORDINATE_BYTES];
        int length = Math.min(shortest.length, COORDINATE_BYTES);
        System.arraycopy(
                shortest, shortest.length - length, padded, COORDINATE_BYTES - length, length);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(padded);
    }
}
