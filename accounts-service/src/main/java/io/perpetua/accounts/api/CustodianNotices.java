package io.perpetua.accounts.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.perpetua.accounts.app.Custodian;
import io.perpetua.edge.JsonProblems;
import io.perpetua.edge.Problem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what the custodian has sent, and lately. */
final class CustodianNotices {
    private static final String SIGNATURE = "Custodian-Signature";

    private CustodianNotices() {}

    /**
     * @throws io.perpetua.edge.ProblemException when the notice is forged or stale, or says nothing
     * @throws JsonProcessingException when it is no notice of that type
     */
    static <T> T read(
            Custodian custodian,
            @Nullable String signature,
            String body,
            ObjectMapper json,
            Class<T> type)
            throws JsonProcessingException {
        requireGenuine(custodian, signature, body);
        return JsonProblems.required(json.readValue(body, type));
    }

    private static void requireGenuine(
            Custodian custodian, @Nullable String signature, String body) {
        switch (custodian.judge(Optional.ofNullable(signature), body)) {
            case GENUINE -> {}
            case FORGED ->
                    throw refused("NOTICE_FORGED", "the notice is not signed by the custodian");
            case STALE -> throw refused("NOTICE_STALE", "the notice is too old, or of the future");
        }
    }

    private static RuntimeException refused(String code, String detail) {
        return Problem.of(401, code, detail).at(SIGNATURE).exception();
    }
}
