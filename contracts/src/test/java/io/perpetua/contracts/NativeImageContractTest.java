package io.perpetua.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * A native image keeps of a class only what it was told to keep, and the codec finds constructors,
 * accessors and members of families by reflection: every type that any topic's records are made of
 * is named. {@code -Dcontracts.write=true} writes the file anew.
 */
class NativeImageContractTest {
    private static final Path FILE =
            Path.of(
                    "src/main/resources/META-INF/native-image/io.perpetua/perpetua-contracts",
                    "reachability-metadata.json");

    private final TreeMap<String, Class<?>> types = new TreeMap<>();

    @Test
    void shouldNameEveryTypeOfEveryTopicWhenMetadataIsMade() throws IOException {
        Topics.all().forEach(topic -> collect(topic.records()));
        String text =
                types.keySet().stream()
                        .map(NativeImageContractTest::entry)
                        .collect(
                                Collectors.joining(
                                        ",\n", "{\n  \"reflection\": [\n", "\n  ]\n}\n"));
        if (Boolean.getBoolean("contracts.write")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, text);
        }

        assertThat(types).containsKey("io.perpetua.contracts.value.Usd").hasSizeGreaterThan(40);
        assertThat(Files.readString(FILE))
                .as("write it with -Dcontracts.write=true")
                .isEqualTo(text);
    }

    private static String entry(String name) {
        return "    {\"type\": \"%s\", \"allDeclaredConstructors\": true,".formatted(name)
                + " \"allDeclaredMethods\": true, \"allDeclaredFields\": true}";
    }

    private void collect(Type type) {
        if (type instanceof ParameterizedType list) {
            for (Type argument : list.getActualTypeArguments()) {
                collect(argument);
            }
        } else if (type instanceof Class<?> declared
                && declared.getName().startsWith("io.perpetua.")
                && types.putIfAbsent(declared.getName(), declared) == null) {
            if (declared.isSealed()) {
                for (Class<?> member : declared.getPermittedSubclasses()) {
                    collect(member);
                }
            }
            if (declared.isRecord()) {
                for (RecordComponent component : declared.getRecordComponents()) {
                    collect(component.getGenericType());
                }
            }
        }
    }
}
