package io.perpetua.devstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.perpetua.contracts.Partitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manifests are whole: what one object names, another one is, and what they tell the services,
 * the services understand. Holds the files, and where there is a kubectl what it renders of them.
 */
class KubernetesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path BASE = ROOT.resolve("k8s/base");
    private static final Path DEV = ROOT.resolve("k8s/overlays/dev");
    private static final String NAME = "app.kubernetes.io/name";
    private static final Map<String, String> PART_OF =
            Map.of("app.kubernetes.io/part-of", "perpetua");

    /** Where the files come from. */
    enum Source {
        FILES,
        KUBECTL;

        Manifests read() throws IOException, InterruptedException {
            if (this == FILES) {
                return Manifests.assembled(DEV);
            }
            var rendered = Manifests.rendered(DEV);
            assumeTrue(
                    rendered.isPresent(),
                    "SKIPPED: there is no kubectl here, so only the files were checked");
            return rendered.get();
        }
    }

    static List<Path> kustomizations() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("k8s"))) {
            return files.filter(file -> file.endsWith(Kustomization.FILE))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void shouldFailWhenAFieldIsNotOneOfItsType() {
        String manifest =
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: sample
                spec:
                  containers:
                    - name: sample
                      readynessProbe: {}
                """;

        assertThat(Manifests.parse(manifest.replace("ready", "readi"))).hasSize(1);
        assertThatThrownBy(() -> Manifests.parse(manifest)).hasMessageContaining("readynessProbe");
    }

    @ParameterizedTest
    @MethodSource("kustomizations")
    void shouldListWhatIsThereWhenAFolderIsKustomized(Path folder) throws IOException {
        Kustomization kustomization = Kustomization.read(folder);

        assertThat(kustomization.resources())
                .filteredOn(resource -> !resource.startsWith("../"))
                .containsExactlyElementsOf(kustomization.neighbours());
    }

    @Test
    void shouldHoldNoSecretWhenItIsTheBase() throws IOException {
        assertThat(kustomizations().stream().filter(folder -> folder.startsWith(BASE)))
                .hasSize(6)
                .noneMatch(
                        folder -> {
                            try {
                                return Kustomization.read(folder).generatesSecrets();
                            } catch (IOException e) {
                                throw new java.io.UncheckedIOException(e);
                            }
                        });
        try (Stream<Path> files = Files.walk(BASE)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as("%s", file).doesNotContain("kind: Secret\n");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRouteAsTheFrontDoorDoes(Source source) throws Exception {
        Manifests manifests = source.read();
        Ingress ingress = manifests.one(Ingress.class, "perpetua");
        Map<String, String> expected = new TreeMap<>();
        for (Service service : Service.values()) {
            Routes.prefixes(service).forEach(path -> expected.put(path, service.module()));
        }
        Map<String, String> routed = new TreeMap<>();

        for (HTTPIngressPath path : ingress.getSpec().getRules().getFirst().getHttp().getPaths()) {
            var backend = path.getBackend().getService();
            assertThat(path.getPathType()).isEqualTo("Prefix");
            assertThat(routed.put(path.getPath(), backend.getName())).as(path.getPath()).isNull();
            assertThat(servicePort(manifests, backend.getName(), backend.getPort().getName()))
                    .isNotNull();
        }

        assertThat(ingress.getSpec().getRules()).hasSize(1);
        assertThat(ingress.getSpec().getDefaultBackend()).isNull();
        assertThat(routed).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void shouldSelectPodsWhenAnObjectSelects(Source source) throws Exception {
        Manifests manifests = source.read();

        for (StatefulSet set : manifests.all(StatefulSet.class)) {
            Map<String, String> labels = set.getSpec().getSelector().getMatchLabels();
            assertThat(names(manifests.selected(labels))).containsExactly(Manifests.nameOf(set));
            manifests.one(
                    io.fabric8.kubernetes.api.model.Service.class, set.getSpec().getServiceName());
        }
        for (var service : manifests.all(io.fabric8.kubernetes.api.model.Service.class)) {
            var selected = manifests.selected(service.getSpec().getSelector());
            assertThat(names(selected)).containsExactly(Manifests.nameOf(service));
            for (ServicePort port : service.getSpec().getPorts()) {
                ContainerPort target =
                        containerPort(
                                selected.getFirst().container(), port.getTargetPort().getStrVal());
                assertThat(target.getContainerPort()).isEqualTo(port.getPort());
            }
        }
        for (PodDisruptionBudget budget : manifests.all(PodDisruptionBudget.class)) {
            assertThat(names(selected(manifests, budget.getSpec().getSelector())))
                    .containsExactly(Manifests.nameOf(budget));
        }
        assertThat(manifests.all(PodDisruptionBudget.class)).hasSize(Service.values().length);
    }

    @ParameterizedTest
    @EnumSource
    void shouldAllowPortsThatPodsHaveWhenAPolicyAllows(Source source) throws Exception {
        Manifests manifests = source.read();
        for (NetworkPolicy policy : manifests.all(NetworkPolicy.class)) {
            if (Manifests.nameOf(policy).equals("perpetua")) {
                continue;
            }
            var own = selected(manifests, policy.getSpec().getPodSelector());
            assertThat(names(own)).containsExactly(Manifests.nameOf(policy));
            for (var rule : policy.getSpec().getIngress()) {
                assertThat(rule.getFrom()).isNotEmpty();
                requirePorts(rule.getPorts(), own.getFirst().container());
                rule.getFrom().forEach(peer -> requirePeers(manifests, peer));
            }
            for (var rule : policy.getSpec().getEgress()) {
                for (NetworkPolicyPeer peer : rule.getTo()) {
                    for (var to : selected(manifests, peer.getPodSelector())) {
                        requirePorts(rule.getPorts(), to.container());
                        requireEntry(manifests, to.name(), own.getFirst().name());
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldDenyEverythingElseWhenPodsAreOurs(Source source) throws Exception {
        Manifests manifests = source.read();

        NetworkPolicy policy = manifests.one(NetworkPolicy.class, "perpetua");

        assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(PART_OF);
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).isEmpty();
        assertThat(manifests.workloads())
                .hasSize(7)
                .allSatisfy(one -> assertThat(one.labels()).containsAllEntriesOf(PART_OF))
                .allSatisfy(one -> assertThat(one.labels()).containsEntry(NAME, one.name()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldFindEveryConfigMapAndSecretWhenAPodRefersToOne(Source source) throws Exception {
        Manifests manifests = source.read();
        for (Manifests.Workload workload : manifests.workloads()) {
            variables(manifests, workload);
            PodSpec pod = workload.pods().getSpec();
            Set<String> volumes = new TreeSet<>(claims(manifests, workload.name()));
            for (Volume volume : pod.getVolumes()) {
                volumes.add(volume.getName());
                if (volume.getSecret() != null) {
                    assertThat(secret(manifests, volume.getSecret().getSecretName()))
                            .containsKeys(
                                    volume.getSecret().getItems().stream()
                                            .map(KeyToPath::getKey)
                                            .toArray(String[]::new));
                }
            }
            assertThat(workload.container().getVolumeMounts())
                    .extracting(VolumeMount::getName)
                    .containsExactlyInAnyOrderElementsOf(volumes);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunAServiceAsItIsBuilt(Source source) throws Exception {
        Manifests manifests = source.read();
        for (Service service : Service.values()) {
            Container container = manifests.workload(service.module()).container();
            Map<String, EnvVar> named =
                    container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, e -> e));

            Set<String> variables =
                    variables(manifests, manifests.workload(service.module())).keySet();

            assertThat(image(container)).isEqualTo("perpetua/" + service.module());
            assertThat(containerPort(container, "http").getContainerPort())
                    .isEqualTo(service.port());
            assertThat(knownVariables(service)).containsAll(variables);
            assertThat(variables)
                    .contains(
                            "PERPETUA_HTTP_HOST",
                            "PERPETUA_DATABASE_URL",
                            "PERPETUA_DATABASE_PASSWORD",
                            "PERPETUA_KAFKA_BOOTSTRAP_SERVERS",
                            "PERPETUA_ACCOUNTS_URL");
            assertThat(named.keySet().stream().filter(name -> name.endsWith("_INSTANCE")))
                    .singleElement()
                    .satisfies(
                            name ->
                                    assertThat(
                                                    named.get(name)
                                                            .getValueFrom()
                                                            .getFieldRef()
                                                            .getFieldPath())
                                            .isEqualTo("metadata.name"));
            requireProbe(container.getStartupProbe(), "/q/health/started");
            requireProbe(container.getLivenessProbe(), "/q/health/live");
            requireProbe(container.getReadinessProbe(), "/q/health/ready");
            PodSpec pod = manifests.workload(service.module()).pods().getSpec();
            assertThat(pod.getTerminationGracePeriodSeconds())
                    .isGreaterThan(container.getLifecycle().getPreStop().getSleep().getSeconds());
            assertThat(pod.getTopologySpreadConstraints())
                    .hasSize(2)
                    .allSatisfy(
                            spread ->
                                    assertThat(
                                                    names(
                                                            selected(
                                                                    manifests,
                                                                    spread.getLabelSelector())))
                                            .containsExactly(service.module()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldTellTheBootstrapWhatItAsksFor(Source source) throws Exception {
        Manifests manifests = source.read();
        Set<String> asked =
                new TreeSet<>(
                        Set.of(
                                Bootstrap.DATABASE_URL,
                                Bootstrap.SUPERUSER,
                                Bootstrap.SUPERUSER_PASSWORD,
                                Bootstrap.BOOTSTRAP_SERVERS,
                                Bootstrap.TOPIC_REPLICAS,
                                Partitions.USERS_VARIABLE));
        for (Service service : Service.values()) {
            asked.add(Bootstrap.passwordVariable(service));
        }

        Map<String, String> told = variables(manifests, manifests.workload("bootstrap"));

        assertThat(told.keySet()).containsExactlyInAnyOrderElementsOf(asked);
        for (Service service : Service.values()) {
            assertThat(
                            variables(manifests, manifests.workload(service.module()))
                                    .get("PERPETUA_DATABASE_PASSWORD"))
                    .isEqualTo(told.get(Bootstrap.passwordVariable(service)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldHaveNoPrivilegesWhenAPodRuns(Source source) throws Exception {
        for (Manifests.Workload workload : source.read().workloads()) {
            PodSpec pod = workload.pods().getSpec();
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getEnableServiceLinks()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType())
                    .isEqualTo("RuntimeDefault");
            var context = workload.container().getSecurityContext();
            assertThat(context.getAllowPrivilegeEscalation()).isFalse();
            assertThat(context.getPrivileged()).isNull();
            assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(context.getReadOnlyRootFilesystem())
                    .isEqualTo(!workload.name().equals("kafka"));
            var resources = workload.container().getResources();
            assertThat(resources.getRequests()).containsOnlyKeys("cpu", "memory");
            assertThat(resources.getLimits()).containsOnlyKeys("memory");
        }
    }

    @Test
    void shouldRenderOneOfEachInItsNamespaceWhenItIsForDevelopment() throws Exception {
        Manifests manifests = Source.KUBECTL.read();

        assertThat(manifests.all(StatefulSet.class))
                .allSatisfy(set -> assertThat(set.getSpec().getReplicas()).isEqualTo(1));
        assertThat(manifests.workloads())
                .extracting(one -> one.container().getImage())
                .allMatch(image -> image.contains(":"))
                .filteredOn(image -> image.startsWith("perpetua/"))
                .hasSize(5)
                .allMatch(image -> image.endsWith(":dev"));
        assertThat(manifests.objects())
                .filteredOn(object -> !object.getKind().equals("Namespace"))
                .extracting(object -> object.getMetadata().getNamespace())
                .containsOnly("perpetua-dev");
        assertThat(manifests.objects())
                .hasSameSizeAs(Manifests.assembled(DEV).objects())
                .extracting(HasMetadata::getKind)
                .containsExactlyInAnyOrderElementsOf(
                        Manifests.assembled(DEV).objects().stream()
                                .map(HasMetadata::getKind)
                                .toList());
    }

    private static void requireProbe(Probe probe, String path) {
        assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
    }

    private static void requirePorts(List<NetworkPolicyPort> ports, Container container) {
        assertThat(ports).isNotEmpty();
        for (NetworkPolicyPort port : ports) {
            assertThat(container.getPorts())
                    .extracting(ContainerPort::getContainerPort)
                    .contains(port.getPort().getIntVal());
        }
    }

    private static void requirePeers(Manifests manifests, NetworkPolicyPeer peer) {
        if (peer.getNamespaceSelector() == null) {
            assertThat(selected(manifests, peer.getPodSelector())).isNotEmpty();
        }
    }

    /** What may go out of one pod must be let in by the other. */
    private static void requireEntry(Manifests manifests, String to, String from) {
        assertThat(
                        manifests.one(NetworkPolicy.class, to).getSpec().getIngress().stream()
                                .flatMap(rule -> rule.getFrom().stream())
                                .filter(peer -> peer.getPodSelector() != null)
                                .flatMap(
                                        peer -> selected(manifests, peer.getPodSelector()).stream())
                                .map(Manifests.Workload::name))
                .as("%s lets %s in", to, from)
                .contains(from);
    }

    private static List<Manifests.Workload> selected(Manifests manifests, LabelSelector selector) {
        List<Manifests.Workload> selected = new ArrayList<>();
        if (!selector.getMatchLabels().isEmpty()) {
            selected.addAll(manifests.selected(selector.getMatchLabels()));
        }
        selector.getMatchExpressions()
                .forEach(
                        expression -> {
                            assertThat(expression.getOperator()).isEqualTo("In");
                            for (String value : expression.getValues()) {
                                var found = manifests.selected(Map.of(expression.getKey(), value));
                                assertThat(found).as(value).isNotEmpty();
                                selected.addAll(found);
                            }
                        });
        return selected;
    }

    private static List<String> names(List<Manifests.Workload> workloads) {
        return workloads.stream().map(Manifests.Workload::name).toList();
    }

    private static ServicePort servicePort(Manifests manifests, String service, String port) {
        return manifests
                .one(io.fabric8.kubernetes.api.model.Service.class, service)
                .getSpec()
                .getPorts()
                .stream()
                .filter(one -> one.getName().equals(port))
                .findFirst()
                .orElseThrow();
    }

    private static ContainerPort containerPort(Container container, String name) {
        return container.getPorts().stream()
                .filter(port -> port.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String image(Container container) {
        return container.getImage().replaceFirst(":dev$", "");
    }

    private static List<String> claims(Manifests manifests, String name) {
        return manifests.all(StatefulSet.class).stream()
                .filter(set -> Manifests.nameOf(set).equals(name))
                .flatMap(set -> set.getSpec().getVolumeClaimTemplates().stream())
                .map(claim -> claim.getMetadata().getName())
                .toList();
    }

    private static Map<String, String> configMap(Manifests manifests, String name) {
        return manifests.one(ConfigMap.class, name).getData();
    }

    private static Map<String, String> secret(Manifests manifests, String name) {
        return manifests.one(Secret.class, name).getData();
    }

    /** A container's environment; every reference must lead somewhere, no name may come twice. */
    private static Map<String, String> variables(Manifests manifests, Manifests.Workload workload) {
        Map<String, String> variables = new TreeMap<>();
        for (EnvFromSource source : workload.container().getEnvFrom()) {
            assertThat(variables)
                    .doesNotContainKeys(
                            configMap(manifests, source.getConfigMapRef().getName())
                                    .keySet()
                                    .toArray(String[]::new));
            variables.putAll(configMap(manifests, source.getConfigMapRef().getName()));
        }
        for (EnvVar variable : workload.container().getEnv()) {
            String value = variable.getValue();
            var from = variable.getValueFrom();
            if (from != null && from.getConfigMapKeyRef() != null) {
                var reference = from.getConfigMapKeyRef();
                value = configMap(manifests, reference.getName()).get(reference.getKey());
            } else if (from != null && from.getSecretKeyRef() != null) {
                var reference = from.getSecretKeyRef();
                value = secret(manifests, reference.getName()).get(reference.getKey());
            } else if (from != null) {
                value = from.getFieldRef().getFieldPath();
            }
            assertThat(value).as("%s of %s", variable.getName(), workload.name()).isNotBlank();
            assertThat(variables.put(variable.getName(), value)).isNull();
        }
        return variables;
    }

    /** The variables of the settings that a service's sources and properties name. */
    private static Set<String> knownVariables(Service service) throws IOException {
        Path sources = ROOT.resolve(service.module()).resolve("src/main");
        Path edge = ROOT.resolve("edge/src/main");
        Set<String> known = new TreeSet<>(Set.of(Partitions.USERS_VARIABLE));
        for (Path file :
                List.of(
                        edge.resolve("resources/META-INF/microprofile-config.properties"),
                        sources.resolve("resources/application.properties"))) {
            for (String line : Files.readAllLines(file)) {
                known.add(line.split("=", 2)[0].strip());
                Pattern.compile("\\$\\{([a-z.-]+)")
                        .matcher(line)
                        .results()
                        .forEach(match -> known.add(match.group(1)));
            }
        }
        for (Path root : List.of(edge, sources)) {
            try (Stream<Path> files = Files.walk(root.resolve("java"))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    known.addAll(settings(Files.readString(file)));
                }
            }
        }
        return known.stream()
                .map(name -> name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> settings(String source) {
        List<String> settings = new ArrayList<>();
        Pattern.compile("@ConfigProperty\\(name = \"([^\"]+)\"")
                .matcher(source)
                .results()
                .forEach(match -> settings.add(match.group(1)));
        // A mapping tells its prefix, a group within one says it in its first sentence.
        Pattern.compile("(?:@ConfigMapping\\(prefix = \"|\\{@code )([a-z.-]+)(?:\"|\\.\\*\\})")
                .matcher(source)
                .results()
                .forEach(
                        prefix ->
                                Pattern.compile("(?m)^    [A-Za-z<>]+ ([a-zA-Z]+)\\(\\);$")
                                        .matcher(source)
                                        .results()
                                        .forEach(
                                                method ->
                                                        settings.add(
                                                                prefix.group(1)
                                                                        + "."
                                                                        + kebab(method.group(1)))));
        return settings;
    }

    private static String kebab(String name) {
        return Arrays.stream(name.split("(?=[A-Z])", -1))
                .map(word -> word.toLowerCase(Locale.ROOT))
                .collect(Collectors.joining("-"));
    }
}
