package io.perpetua.accounts.api;

import io.perpetua.accounts.api.AuthResource.Challenge;
import io.perpetua.accounts.api.AuthResource.ChallengeRequest;
import io.perpetua.accounts.app.IssueChallengeHandler;
import io.perpetua.accounts.app.IssueChallengeHandler.IssueChallenge;
import io.perpetua.accounts.app.SignInSettings;
import io.perpetua.accounts.domain.signin.Chain;
import io.perpetua.accounts.domain.signin.ChallengePurpose;
import io.perpetua.accounts.domain.signin.Wallet;
import io.perpetua.accounts.domain.signin.WalletKind;
import io.perpetua.edge.Fields;
import io.perpetua.edge.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Answers every request for a message that a wallet is to sign. */
@ApplicationScoped
class Challenges {
    private static final long MAINNET = 1;
    private static final long LARGEST_CHAIN_ID = 9_999_999_999_999_999L;

    private final IssueChallengeHandler challenges;
    private final SignInSettings settings;

    Challenges(IssueChallengeHandler challenges, SignInSettings settings) {
        this.challenges = challenges;
        this.settings = settings;
    }

    /** The message for the wallet that the request names. */
    Challenge issue(ChallengePurpose purpose, ChallengeRequest request) {
        Wallet wallet = Fields.required("address", request.address(), Wallet::parse);
        return Challenge.of(
                challenges.handle(
                        new IssueChallenge(purpose, wallet, chain(wallet, request.chainId()))));
    }

    private Chain chain(Wallet wallet, @Nullable Long chainId) {
        if (wallet.kind() == WalletKind.SOLANA) {
            if (chainId != null) {
                throw Problem.fieldInvalid("chainId", "'chainId' is for EVM wallets alone")
                        .exception();
            }
            return settings.solanaChain();
        }
        long id = chainId == null ? MAINNET : chainId;
        if (id < 1 || id > LARGEST_CHAIN_ID) {
            throw Problem.fieldInvalid("chainId", "'chainId' is a number from 1 to 10^16 - 1")
                    .exception();
        }
        return Chain.evm(id);
    }
}
