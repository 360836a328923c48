package io.perpetua.edge;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Refuses an agent's body that is not the one whose digest the agent signed. */
@Provider
@Priority(Priorities.HEADER_DECORATOR)
public class AgentBody implements ReaderInterceptor {
    private final Caller caller;

    /** Of the request under way. */
    public AgentBody(Caller caller) {
        this.caller = caller;
    }

    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        String signed = caller.signedDigest();
        if (signed != null) {
            byte[] body = context.getInputStream().readAllBytes();
            if (!digest(body).equals(signed)) {
                throw AgentRefusal.AGENT_SIGNATURE_INVALID
                        .problem()
                        .at(AgentRequest.DIGEST)
                        .exception();
            }
            context.setInputStream(new ByteArrayInputStream(body));
        }
        return context.proceed();
    }

    /** As RFC 9530 writes it. */
    private static String digest(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "sha-256=:" + Base64.getEncoder().encodeToString(hash) + ":";
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
