package io.perpetua.devstack;

import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topic;
import io.perpetua.contracts.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Makes every topic of the platform that a cluster does not have. What has other partitions than it
 * is meant to have is refused, never changed. All of it can be run again.
 */
final class TopicBootstrap {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);
    private static final Duration KEPT_FOR_A_WHILE = Duration.ofDays(2);
    private static final Duration SEGMENT_OF_A_WHILE = Duration.ofHours(1);

    private final Admin admin;
    private final int replicas;

    /**
     * @param replicas of each partition
     */
    TopicBootstrap(Admin admin, int replicas) {
        this.admin = admin;
        this.replicas = replicas;
    }

    /** The names of the topics it made. */
    List<String> prepareTopics() throws InterruptedException, ExecutionException, TimeoutException {
        List<NewTopic> wanted = wanted();
        Set<String> existing = get(admin.listTopics().names());
        List<NewTopic> missing =
                wanted.stream().filter(topic -> !existing.contains(topic.name())).toList();
        checkPartitions(wanted, existing);
        get(admin.createTopics(missing).all());
        return missing.stream().map(NewTopic::name).toList();
    }

    private List<NewTopic> wanted() {
        List<NewTopic> wanted = new ArrayList<>();
        for (Topic topic : Topics.all()) {
            wanted.add(newTopic(topic.name(), topic.partitions(), topic.retention(), replicas));
        }
        for (Service service : Service.values()) {
            wanted.add(
                    newTopic(
                            Topics.deadLetters(service.label()),
                            1,
                            Topic.Retention.HISTORY,
                            replicas));
        }
        return wanted;
    }

    static NewTopic newTopic(String name, int partitions, Topic.Retention retention, int replicas) {
        Map<String, String> configs = new HashMap<>();
        switch (retention) {
            case HISTORY -> {}
            case TWO_DAYS -> {
                configs.put(
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(KEPT_FOR_A_WHILE.toMillis()));
                configs.put(
                        TopicConfig.SEGMENT_MS_CONFIG,
                        Long.toString(SEGMENT_OF_A_WHILE.toMillis()));
            }
            case NEWEST ->
                    configs.put(
                            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        }
        if (replicas > 1) {
            // What was acknowledged outlives the loss of any one broker.
            configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
        }
        return new NewTopic(name, partitions, (short) replicas).configs(configs);
    }

    /** Keys are spread over a fixed number of partitions: another number would mix up shards. */
    private void checkPartitions(List<NewTopic> wanted, Set<String> existing)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<String> names =
                wanted.stream().map(NewTopic::name).filter(existing::contains).toList();
        Map<String, TopicDescription> found = get(admin.describeTopics(names).allTopicNames());
        for (NewTopic topic : wanted) {
            TopicDescription description = found.get(topic.name());
            if (description != null && description.partitions().size() != topic.numPartitions()) {
                throw new IllegalStateException(
                        "topic %s has %d partitions here, %d are meant; %s must be what it was"
                                .formatted(
                                        topic.name(),
                                        description.partitions().size(),
                                        topic.numPartitions(),
                                        Partitions.USERS_VARIABLE));
            }
        }
    }

    private static <T> T get(KafkaFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
