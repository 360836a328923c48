package io.perpetua.accounts.api;

import io.perpetua.contracts.risk.ClosingObstacle;
import io.perpetua.edge.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Why a user can't leave (RFC 9457); {@code obstacles} is all that is in the way. */
@RegisterForReflection
@Schema(description = "Why a user can't leave (RFC 9457), and all that is in the way.")
public record ClosingProblem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        List<Obstacle> obstacles) {
    /** Something that must be gone before. */
    @RegisterForReflection
    public record Obstacle(ClosingObstacle.Kind kind, @Schema(description = "how many") int count) {
        static Obstacle of(ClosingObstacle obstacle) {
            return new Obstacle(obstacle.kind(), obstacle.count());
        }
    }

    static ClosingProblem of(Problem problem, List<Obstacle> obstacles) {
        return new ClosingProblem(
                problem.type(),
                problem.title(),
                problem.status(),
                problem.detail(),
                problem.code(),
                obstacles);
    }
}
