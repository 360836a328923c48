package io.perpetua.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class BackendsIT {
    private final Backends backends = Backends.shared();

    @Test
    void shouldBeDurableWhenAsked() throws SQLException {
        Database database = backends.createDatabase();

        try (Connection connection = database.connect("orders_shard")) {
            assertThat(query(connection, "show fsync")).isEqualTo("on");
            assertThat(query(connection, "show synchronous_commit")).isEqualTo("on");
            assertThat(query(connection, "show server_version")).startsWith("18.");
        }
    }

    @Test
    void shouldGiveEachRoleItsRightsWhenTheOwnerMakesTables() throws SQLException {
        Database database = backends.createDatabase();
        try (Connection owner = database.connect("orders_owner")) {
            run(owner, "create table fact (id bigint primary key)");
            run(owner, "create table listed (id bigint primary key)");
            run(owner, "grant select on listed to orders_api");
        }

        try (Connection shard = database.connect("orders_shard")) {
            run(shard, "insert into fact values (1)");
            run(shard, "delete from fact");
            assertThatThrownBy(() -> run(shard, "create table other (id int)"))
                    .hasMessageContaining("permission denied");
        }
        try (Connection api = database.connect("orders_api")) {
            assertThat(query(api, "select count(*) from listed")).isEqualTo("0");
            assertThatThrownBy(() -> run(api, "select * from fact"))
                    .hasMessageContaining("permission denied");
        }
        try (Connection stranger = database.connect("risk_shard")) {
            assertThatThrownBy(() -> run(stranger, "select * from orders.fact"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void shouldKeepDatabasesApartWhenTwoAreMade() throws SQLException {
        Database one = backends.createDatabase();
        Database other = backends.createDatabase();

        try (Connection owner = one.connect("risk_owner")) {
            run(owner, "create table only_here (id int)");
        }

        try (Connection owner = other.connect("risk_owner")) {
            assertThat(query(owner, "select to_regclass('only_here')")).isNull();
        }
    }

    @Test
    void shouldKeepCommittedRowsWhenPostgresIsKilled() throws SQLException {
        Database database = backends.createDatabase();
        try (Connection owner = database.connect("risk_owner")) {
            run(owner, "create table kept as select 7 as id");
        }

        backends.postgres().kill();
        backends.postgres().awaitUp();

        try (Connection owner = database.connect("risk_owner")) {
            assertThat(query(owner, "select id from kept")).isEqualTo("7");
        }
    }

    @Test
    void shouldKeepAcknowledgedRecordsWhenTheBrokerIsKilled() throws Exception {
        backends.createTopic("test.kept", 1);
        TopicPartition partition = new TopicPartition("test.kept", 0);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", backends.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>("test.kept", "key", "value")).get();
        }

        backends.broker().kill();
        backends.broker().awaitUp();

        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", backends.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            assertThat(consumer.poll(Duration.ofSeconds(20)))
                    .singleElement()
                    .satisfies(record -> assertThat(record.value()).isEqualTo("value"));
        }
    }

    @Test
    void shouldAnswerAgainWhenAPauseEnds() throws SQLException {
        Database database = backends.createDatabase();
        try (Connection connection = database.connect("orders_shard")) {
            backends.postgres().pause();
            connection.setNetworkTimeout(Runnable::run, 300);
            assertThatThrownBy(() -> query(connection, "select 1"))
                    .isInstanceOf(SQLException.class);
        } finally {
            backends.postgres().resume();
        }

        try (Connection connection = database.connect("orders_shard")) {
            assertThat(query(connection, "select 1")).isEqualTo("1");
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
