package io.perpetua.risk.app;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.risk.ChangeLeverage;
import io.perpetua.contracts.value.MarketId;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Changes the leverage of a subaccount in a market. The user's shard decides; asking again for the
 * same leverage does no harm.
 */
@ApplicationScoped
public class ChangeLeverageHandler {
    private final CommandSender sender;
    private final RiskJournal journal;
    private final Clock clock;

    ChangeLeverageHandler(CommandSender sender, RiskJournal journal, Clock clock) {
        this.sender = sender;
        this.journal = journal;
        this.clock = clock;
    }

    /** Asks for {@code leverage}; decided, it is a change or its refusal. */
    public CompletionStage<CommandAnswer> handle(
            UserId user,
            SubaccountId subaccount,
            MarketId market,
            int leverage,
            @Nullable AgentNonce nonce) {
        return sender.send(
                reply ->
                        new ChangeLeverage(
                                journal.nextId(),
                                user,
                                subaccount,
                                market,
                                leverage,
                                clock.millis(),
                                reply,
                                nonce));
    }
}
