package io.perpetua.risk.app;

import io.perpetua.contracts.AgentNonce;
import io.perpetua.contracts.risk.TransferCollateral;
import io.perpetua.contracts.value.SubaccountId;
import io.perpetua.contracts.value.Usd;
import io.perpetua.contracts.value.UserId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Moves collateral between subaccounts of a user. The user's shard decides; under one client
 * transfer id it moves once.
 */
@ApplicationScoped
public class TransferCollateralHandler {
    private final CommandSender sender;
    private final RiskJournal journal;
    private final Clock clock;

    TransferCollateralHandler(CommandSender sender, RiskJournal journal, Clock clock) {
        this.sender = sender;
        this.journal = journal;
        this.clock = clock;
    }

    /** Asks to move {@code amount}; decided, it is a transfer or its refusal. */
    public CompletionStage<CommandAnswer> handle(
            UserId user,
            SubaccountId from,
            SubaccountId to,
            Usd amount,
            String clientTransferId,
            @Nullable AgentNonce nonce) {
        return sender.send(
                reply ->
                        new TransferCollateral(
                                journal.nextId(),
                                user,
                                from,
                                to,
                                amount,
                                clientTransferId,
                                clock.millis(),
                                reply,
                                nonce));
    }
}
