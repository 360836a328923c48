package io.perpetua.accounts.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import io.perpetua.accounts.domain.vault.Secret;
import io.perpetua.edge.Problem;
import java.io.IOException;
import java.util.Arrays;

/** How a secret stands in JSON: a text, which goes from and to it without a {@code String}. */
final class SecretText {
    private SecretText() {}

    /** Takes a secret out of a request. */
    static final class Taken extends StdScalarDeserializer<Secret> {
        private static final long serialVersionUID = 1;

        Taken() {
            super(Secret.class);
        }

        @Override
        public Secret deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                return (Secret) context.handleUnexpectedToken(Secret.class, parser);
            }
            try {
                return Secret.ofText(
                        parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
            } catch (IllegalArgumentException invalid) {
                String field = String.valueOf(parser.currentName());
                throw Problem.fieldInvalid(field, String.valueOf(invalid.getMessage())).exception();
            }
        }
    }

    /** Shows a secret, once: only what is meant to reveal one is annotated with it. */
    static final class Shown extends StdScalarSerializer<Secret> {
        private static final long serialVersionUID = 1;

        Shown() {
            super(Secret.class);
        }

        @Override
        public void serialize(Secret secret, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            char[] characters = secret.characters();
            try {
                json.writeString(characters, 0, characters.length);
            } finally {
                Arrays.fill(characters, '\0');
                secret.close();
            }
        }
    }
}
