package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.vault.UnopenableSecretException;
import io.perpetua.edge.Problem;
import io.perpetua.edge.system.SystemEventType;
import io.perpetua.edge.system.SystemEvents;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Answers when a secret was tampered with, or the key to it is gone, and tells the log of it. */
public class UnopenableSecrets {
    private static final Logger LOG = Logger.getLogger(UnopenableSecrets.class);

    private final SystemEvents events;

    /** With what hears of it. */
    public UnopenableSecrets(SystemEvents events) {
        this.events = events;
    }

    @ServerExceptionMapper
    RestResponse<Problem> unopenable(UnopenableSecretException failure) {
        LOG.errorf("a secret was tampered with, or its key is gone: %s", failure.getMessage());
        events.record(SystemEventType.SECRET_UNOPENABLE, Map.of("secrets", 1));
        return RestResponse.ResponseBuilder.<Problem>create(500)
                .entity(
                        Problem.of(
                                500,
                                "SECRET_UNOPENABLE",
                                "the secret can't be opened: it is not what was stored"))
                .header(HttpHeaders.CONTENT_TYPE, Problem.MEDIA_TYPE)
                .build();
    }
}
