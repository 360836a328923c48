package io.perpetua.accounts.api;

import io.perpetua.accounts.domain.ledger.Asset;
import io.perpetua.contracts.risk.ClosingObstacle;
import io.perpetua.edge.Problem;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Why a user can't leave (RFC 9457); {@code obstacles} is all that is in the way. While there is a
 * balance of an asset other than USDC, it is all that accounts-service knows of: risk is not asked.
 */
@RegisterForReflection
@Schema(
        description =
                "Why a user can't leave (RFC 9457), and all that is in the way. While there is a"
                        + " balance of an asset other than USDC, open orders and positions are not"
                        + " looked at: they are named once that balance is gone.")
public record ClosingProblem(
        String type,
        String title,
        int status,
        String detail,
        String code,
        List<Obstacle> obstacles) {
    /** Something that must be gone before. */
    @RegisterForReflection
    public record Obstacle(
            ClosingObstacle.Kind kind,
            @Schema(description = "how many") int count,
            @Schema(description = "of BALANCES, what they are of") @Nullable String asset) {
        static Obstacle of(ClosingObstacle obstacle) {
            return new Obstacle(
                    obstacle.kind(),
                    obstacle.count(),
                    obstacle.kind() == ClosingObstacle.Kind.BALANCES ? Asset.USDC.code() : null);
        }

        static Obstacle withdrawals(int pending) {
            return new Obstacle(ClosingObstacle.Kind.PENDING_WITHDRAWALS, pending, null);
        }

        static Obstacle balances(String asset, int subaccounts) {
            return new Obstacle(ClosingObstacle.Kind.BALANCES, subaccounts, asset);
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
