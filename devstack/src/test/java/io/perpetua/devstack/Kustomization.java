package io.perpetua.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder's kustomization.yaml, read strictly: a field that this class does not know fails.
 *
 * @param folder the folder it stands in
 * @param resources files and folders, as written
 */
record Kustomization(Path folder, List<String> resources, JsonNode fields) {
    static final String FILE = "kustomization.yaml";

    private static final Set<String> FIELDS =
            Set.of(
                    "apiVersion",
                    "kind",
                    "namespace",
                    "resources",
                    "images",
                    "replicas",
                    "configMapGenerator",
                    "secretGenerator");

    static Kustomization read(Path folder) throws IOException {
        JsonNode fields = new YAMLMapper().readTree(folder.resolve(FILE).toFile());
        fields.fieldNames().forEachRemaining(name -> assertThat(FIELDS).contains(name));
        assertThat(fields.path("kind").asText()).isEqualTo("Kustomization");
        List<String> resources = new ArrayList<>();
        fields.path("resources").forEach(resource -> resources.add(resource.asText()));
        return new Kustomization(folder, resources, fields);
    }

    /** The files and kustomized folders beside it. */
    List<String> neighbours() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(
                            path ->
                                    Files.isDirectory(path)
                                            ? Files.exists(path.resolve(FILE))
                                            : path.toString().endsWith(".yaml"))
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(FILE))
                    .sorted()
                    .toList();
        }
    }

    boolean generatesSecrets() {
        return fields.has("secretGenerator");
    }

    /** Adds what {@code generator} makes here to what the bases below made. */
    void generate(String generator, Map<String, Map<String, String>> made) {
        for (JsonNode one : fields.path(generator)) {
            String name = one.path("name").asText();
            boolean merges = one.path("behavior").asText().equals("merge");
            assertThat(made.containsKey(name))
                    .as("%s %s in %s", generator, name, this)
                    .isEqualTo(merges);
            Map<String, String> literals = made.computeIfAbsent(name, key -> new TreeMap<>());
            for (JsonNode literal : one.path("literals")) {
                String text = literal.asText();
                int at = text.indexOf('=');
                assertThat(at).as(text).isPositive();
                literals.put(text.substring(0, at), text.substring(at + 1));
            }
        }
    }
}
