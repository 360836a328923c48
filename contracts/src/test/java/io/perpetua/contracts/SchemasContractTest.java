package io.perpetua.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds {@code docs/contracts} against the records. {@code -Dcontracts.write=true} writes the files
 * anew, unless a change would break a reader: then the topic needs a new version.
 */
class SchemasContractTest {
    private static final Path FOLDER = Path.of("..", "docs", "contracts");
    private static final boolean WRITE = Boolean.getBoolean("contracts.write");
    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    static List<Topic> topics() {
        return Topics.all();
    }

    @ParameterizedTest
    @MethodSource("topics")
    void shouldStandAsCommittedWhenSchemasAreMadeFromRecords(Topic topic) throws IOException {
        Path file = FOLDER.resolve(topic.name() + ".schema.json");
        ObjectNode now = EventSchemas.of(topic);
        if (Files.exists(file)) {
            assertThat(EventSchemas.breaks(JSON.readTree(file.toFile()), now))
                    .as("changes to %s that break a reader", topic.name())
                    .isEmpty();
        }
        check(file, JSON.writeValueAsString(now) + "\n");
    }

    @Test
    void shouldStandAsCommittedWhenTopicTableIsMade() throws IOException {
        StringBuilder table =
                new StringBuilder(
                        """
                        # Topics

                        | topic | records | key | partitions | keeps | why this key |
                        |---|---|---|---|---|---|
                        """);
        for (Topic topic : Topics.all()) {
            table.append("| [")
                    .append(topic.name())
                    .append("](")
                    .append(topic.name())
                    .append(".schema.json) | ")
                    .append(topic.records().getSimpleName())
                    .append(" | ")
                    .append(topic.key())
                    .append(" | ")
                    .append(partitions(topic))
                    .append(" | ")
                    .append(kept(topic.retention()))
                    .append(" | ")
                    .append(topic.reason())
                    .append(" |\n");
        }
        check(FOLDER.resolve("topics.md"), table.toString());
    }

    private static String partitions(Topic topic) {
        return switch (topic.spread()) {
            case USERS -> "a user shard each";
            case MARKETS -> "a market shard each (%d)".formatted(Partitions.MARKETS);
        };
    }

    private static String kept(Topic.Retention retention) {
        return switch (retention) {
            case HISTORY -> "every record";
            case TWO_DAYS -> "every record, for two days";
            case NEWEST -> "the newest of a key";
        };
    }

    @Test
    void shouldFindTheBreakWhenASchemaChanges() {
        ObjectNode before = EventSchemas.of(Topics.TRADES);

        assertThat(EventSchemas.breaks(before, before.deepCopy())).isEmpty();

        ObjectNode without = before.deepCopy();
        trade(without).withObjectProperty("properties").remove("price");
        assertThat(EventSchemas.breaks(before, without))
                .containsExactly("TradeExecuted.price is gone");

        ObjectNode retyped = before.deepCopy();
        trade(retyped).withObjectProperty("properties").putObject("price").put("type", "number");
        assertThat(EventSchemas.breaks(before, retyped))
                .containsExactly("TradeExecuted.price has another type");

        ObjectNode stricter = before.deepCopy();
        trade(stricter).withObjectProperty("properties").putObject("venue").put("type", "string");
        assertThat(EventSchemas.breaks(before, stricter)).isEmpty();
        ((ArrayNode) trade(stricter).path("required")).add("venue");
        assertThat(EventSchemas.breaks(before, stricter))
                .containsExactly("TradeExecuted.venue is newly required");

        ObjectNode fewer = before.deepCopy();
        ((ArrayNode)
                        trade(fewer)
                                .withObjectProperty("properties")
                                .withObjectProperty("takerSide")
                                .path("enum"))
                .remove(1);
        assertThat(EventSchemas.breaks(before, fewer))
                .containsExactly("TradeExecuted.takerSide has another type");

        ObjectNode renamed = before.deepCopy();
        renamed.withObjectProperty("$defs").remove("TradeExecuted");
        assertThat(EventSchemas.breaks(before, renamed)).containsExactly("TradeExecuted is gone");
    }

    private static ObjectNode trade(ObjectNode schema) {
        return (ObjectNode) schema.path("$defs").path("TradeExecuted");
    }

    private static void check(Path file, String text) throws IOException {
        if (WRITE) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertThat(file).as("write it with -Dcontracts.write=true").exists();
        assertThat(Files.readString(file))
                .as("%s is out of date: write it with -Dcontracts.write=true", file.getFileName())
                .isEqualTo(text);
    }
}
