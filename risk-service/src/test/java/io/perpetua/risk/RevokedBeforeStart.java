package io.perpetua.risk;

import io.perpetua.contracts.EventCodec;
import io.perpetua.contracts.Partitions;
import io.perpetua.contracts.Topics;
import io.perpetua.contracts.accounts.SignInRevoked;
import io.perpetua.contracts.value.UserId;
import io.perpetua.testkit.Backends;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Revokes a sign-in, as accounts-service does, before the service under test starts. */
public class RevokedBeforeStart implements QuarkusTestResourceLifecycleManager {
    static final UserId USER = new UserId(4242);
    static final String SIGN_IN = "ended-before-the-start";

    private static final long HOUR_MILLIS = 3_600_000;

    @Override
    public Map<String, String> start() {
        revoke(Backends.shared().bootstrapServers(), USER, SIGN_IN);
        return Map.of();
    }

    @Override
    public void stop() {}

    static void revoke(String bootstrapServers, UserId user, String signIn) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrapServers);
        long now = System.currentTimeMillis();
        byte[] value =
                EventCodec.encode(
                        SignInRevoked.class,
                        new SignInRevoked(user, signIn, now, now + HOUR_MILLIS));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    Topics.TOKEN_REVOCATIONS.name(),
                                    Partitions.of(user),
                                    signIn.getBytes(StandardCharsets.UTF_8),
                                    value))
                    .get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        } catch (ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
