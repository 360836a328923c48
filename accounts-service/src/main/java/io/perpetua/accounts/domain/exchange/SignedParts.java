package io.perpetua.accounts.domain.exchange;

import io.perpetua.accounts.domain.exchange.ExchangeSigning.Message;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A signature, and where it goes: with these a request that was signed is whole. Nothing of it is
 * secret but to whom the signature gives no right.
 *
 * @param headers to be sent as they are
 * @param parameters to be added to the query or form, behind what was signed
 */
public record SignedParts(String signature, List<Part> headers, List<Part> parameters) {
    /** The parts as they are. */
    public SignedParts {
        headers = List.copyOf(headers);
        parameters = List.copyOf(parameters);
    }

    /** A name and what is sent under it, which is not printed. */
    public record Part(String name, String value) {
        @Override
        public String toString() {
            return name + "=****";
        }
    }

    /**
     * Signs a message; nothing when a part of the key is not written as the exchange's are.
     *
     * @param unique never used before
     */
    public static Optional<SignedParts> of(
            ExchangeApi api,
            ExchangeCredentials with,
            Message message,
            Instant now,
            byte[] unique) {
        return api.signing()
                .sign(with, message, now, unique)
                .flatMap(signature -> of(api, with, message.payload(), signature));
    }

    private static Optional<SignedParts> of(
            ExchangeApi api, ExchangeCredentials with, String signed, String signature) {
        return switch (api) {
            case BINANCE ->
                    with.keyText()
                            .map(
                                    key ->
                                            new SignedParts(
                                                    signature,
                                                    List.of(new Part("X-MBX-APIKEY", key)),
                                                    List.of(new Part("signature", signature))));
            case KRAKEN ->
                    with.keyText()
                            .map(
                                    key ->
                                            new SignedParts(
                                                    signature,
                                                    List.of(
                                                            new Part("API-Key", key),
                                                            new Part("API-Sign", signature)),
                                                    List.of()));
            case COINBASE_ADVANCED ->
                    Optional.of(
                            new SignedParts(
                                    signature,
                                    List.of(new Part("Authorization", "Bearer " + signature)),
                                    List.of()));
            case KITE_CONNECT ->
                    with.keyText()
                            .map(
                                    key ->
                                            new SignedParts(
                                                    signature,
                                                    List.of(new Part("X-Kite-Version", "3")),
                                                    List.of(
                                                            new Part("api_key", key),
                                                            new Part("request_token", signed),
                                                            new Part("checksum", signature))));
            case OTHER -> Optional.of(new SignedParts(signature, List.of(), List.of()));
            case COINBASE_EXCHANGE ->
                    throw new IllegalArgumentException("its requests carry a secret");
        };
    }
}
