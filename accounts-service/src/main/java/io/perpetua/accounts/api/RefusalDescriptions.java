package io.perpetua.accounts.api;

import io.perpetua.edge.Problem;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/** Describes the body of every refusal that an operation lists: the problem it is answered with. */
@OpenApiFilter(OpenApiFilter.RunStage.BUILD)
public class RefusalDescriptions implements OASFilter {
    @Override
    public @Nullable Operation filterOperation(Operation operation) {
        if (operation.getResponses() != null) {
            operation.getResponses().getAPIResponses().forEach(RefusalDescriptions::complete);
        }
        return operation;
    }

    private static void complete(String status, APIResponse response) {
        if (status.matches("[45]..") && response.getContent() == null) {
            response.setContent(problem());
        }
    }

    private static Content problem() {
        return OASFactory.createContent()
                .addMediaType(
                        Problem.MEDIA_TYPE,
                        OASFactory.createMediaType()
                                .schema(OASFactory.createSchema().ref("Problem")));
    }
}
