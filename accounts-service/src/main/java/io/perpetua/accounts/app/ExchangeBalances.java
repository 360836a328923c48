package io.perpetua.accounts.app;

import io.perpetua.accounts.domain.exchange.ExchangeApi;
import io.perpetua.accounts.domain.exchange.ExchangeRequest;
import io.perpetua.accounts.domain.exchange.Fund;
import java.util.List;

/** Other exchanges, as far as they are asked for balances. It waits for them. */
public interface ExchangeBalances {
    /** Host and port that an exchange is reached at. */
    String authority(ExchangeApi api);

    /** Sends the requests, one a page, as long as there are further pages. */
    Answer ask(ExchangeApi api, List<ExchangeRequest> pages);

    /** What an exchange said. */
    sealed interface Answer {
        /** All that there is, without what there is nothing of. */
        record Balances(List<Fund> funds) implements Answer {
            /** The funds as they are. */
            public Balances {
                funds = List.copyOf(funds);
            }
        }

        /** There are none to be had. */
        record Failed(Failure failure) implements Answer {}
    }

    /** Why there are no balances to be had. */
    enum Failure {
        /** The exchange does not take the key, or not for this. */
        EXCHANGE_REFUSED_KEY,
        /** It does not answer, or asks for patience; a retry may help. */
        EXCHANGE_UNREACHABLE,
        /** It answers otherwise than it documents. */
        EXCHANGE_ANSWER_INVALID,
        /** Too many are being asked at once; a retry helps. */
        OVERLOADED
    }
}
