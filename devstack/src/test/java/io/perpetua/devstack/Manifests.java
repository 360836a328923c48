package io.perpetua.devstack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Objects for a cluster, as typed models: as an overlay's files say, or as kubectl renders them.
 */
record Manifests(String source, List<HasMetadata> objects) {
    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    /** A workload's name and the pods it makes. */
    record Workload(String name, PodTemplateSpec pods) {
        Container container() {
            assertThat(pods.getSpec().getContainers()).as(name).hasSize(1);
            return pods.getSpec().getContainers().getFirst();
        }

        Map<String, String> labels() {
            return pods.getMetadata().getLabels();
        }
    }

    /** Everything an overlay refers to, with what its generators make under their plain names. */
    static Manifests assembled(Path overlay) throws IOException {
        List<HasMetadata> objects = new ArrayList<>();
        Map<String, Map<String, String>> configMaps = new TreeMap<>();
        Map<String, Map<String, String>> secrets = new TreeMap<>();
        collect(overlay, objects, configMaps, secrets);
        configMaps.forEach(
                (name, data) ->
                        objects.add(
                                new ConfigMapBuilder()
                                        .withNewMetadata()
                                        .withName(name)
                                        .endMetadata()
                                        .withData(data)
                                        .build()));
        secrets.forEach(
                (name, data) ->
                        objects.add(
                                new SecretBuilder()
                                        .withNewMetadata()
                                        .withName(name)
                                        .endMetadata()
                                        .withData(data)
                                        .build()));
        return new Manifests("files", objects);
    }

    private static void collect(
            Path folder,
            List<HasMetadata> objects,
            Map<String, Map<String, String>> configMaps,
            Map<String, Map<String, String>> secrets)
            throws IOException {
        Kustomization kustomization = Kustomization.read(folder);
        for (String resource : kustomization.resources()) {
            Path path = folder.resolve(resource).normalize();
            if (Files.isDirectory(path)) {
                collect(path, objects, configMaps, secrets);
            } else {
                objects.addAll(parse(Files.readString(path)));
            }
        }
        kustomization.generate("configMapGenerator", configMaps);
        kustomization.generate("secretGenerator", secrets);
    }

    /** What {@code kubectl kustomize} makes of an overlay; empty where there is no kubectl. */
    static Optional<Manifests> rendered(Path overlay) throws IOException, InterruptedException {
        boolean isThere =
                Stream.of(System.getenv("PATH").split(":", -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        if (!isThere) {
            return Optional.empty();
        }
        Path errors = Files.createTempFile("kustomize", ".log");
        try {
            Process process =
                    new ProcessBuilder("kubectl", "kustomize", overlay.toString())
                            .redirectError(errors.toFile())
                            .start();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(Files.readString(errors)).isZero();
            return Optional.of(new Manifests("kubectl kustomize", parse(output)));
        } finally {
            Files.delete(errors);
        }
    }

    /** The documents of a stream; a kind without a type or a field that its type lacks fails. */
    static List<HasMetadata> parse(String yaml) {
        Object read =
                YAML.unmarshal(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)));
        List<HasMetadata> objects = new ArrayList<>();
        for (Object one : read instanceof Collection<?> many ? many : List.of(read)) {
            HasMetadata object = (HasMetadata) one;
            assertThat(object.getClass().getSimpleName()).isEqualTo(object.getKind());
            requireKnownFields(object.getKind(), object);
            objects.add(object);
        }
        return objects;
    }

    /** The models keep what they do not know in a map of "additional properties". */
    private static void requireKnownFields(String at, Object value) {
        switch (value) {
            case Collection<?> items -> items.forEach(item -> requireKnownFields(at + "[]", item));
            case Map<?, ?> entries ->
                    entries.forEach((key, item) -> requireKnownFields(at + "." + key, item));
            default -> {
                if (!value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
                    return;
                }
                fieldsOf(value)
                        .forEach(
                                (name, field) -> {
                                    if (name.equals("additionalProperties")) {
                                        assertThat((Map<?, ?>) field).as(at).isEmpty();
                                    } else {
                                        requireKnownFields(at + "." + name, field);
                                    }
                                });
            }
        }
    }

    private static Map<String, Object> fieldsOf(Object value) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (Class<?> type = value.getClass(); type != null; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers()) || type.isEnum()) {
                    continue;
                }
                field.setAccessible(true);
                try {
                    Object content = field.get(value);
                    if (content != null) {
                        fields.put(field.getName(), content);
                    }
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return fields;
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> T one(Class<T> type, String name) {
        List<T> found = all(type).stream().filter(object -> nameOf(object).equals(name)).toList();
        assertThat(found).as("%s %s", type.getSimpleName(), name).hasSize(1);
        return found.getFirst();
    }

    static String nameOf(HasMetadata object) {
        return object.getMetadata().getName();
    }

    List<Workload> workloads() {
        List<Workload> workloads = new ArrayList<>();
        for (StatefulSet set : all(StatefulSet.class)) {
            workloads.add(new Workload(nameOf(set), set.getSpec().getTemplate()));
        }
        for (Job job : all(Job.class)) {
            workloads.add(new Workload(nameOf(job), job.getSpec().getTemplate()));
        }
        return workloads;
    }

    Workload workload(String name) {
        return workloads().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** The workloads whose pods carry all of the labels. */
    List<Workload> selected(Map<String, String> labels) {
        return workloads().stream()
                .filter(one -> one.labels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    @Override
    public String toString() {
        return source;
    }
}
