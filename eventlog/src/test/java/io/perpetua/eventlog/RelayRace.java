package io.perpetua.eventlog;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Two stages over real backends. Runners take tokens (commands of a decimal number, seen once each)
 * and pass each on to a catcher, which stores it; a token stored twice breaks a primary key.
 */
final class RelayRace {
    static final int SHARDS = 4;
    static final String SCHEMA =
            """
            create table run (shard integer, token bigint, primary key (shard, token));
            create table caught (shard integer, place bigint, token bigint,
                primary key (shard, token), unique (shard, place));
            """;

    private RelayRace() {}

    /** Topic names of one test, so that tests share a broker. */
    record Lanes(String commands, String passes, String echoes) {
        static Lanes of(String test) {
            return new Lanes(test + ".commands", test + ".passes", test + ".echoes");
        }
    }

    /** A process of its own: database URL, brokers, instance, test name. */
    public static void main(String[] arguments) throws InterruptedException {
        start(arguments[0], arguments[1], arguments[2], Lanes.of(arguments[3]));
        System.out.println("started");
        Thread.sleep(Long.MAX_VALUE);
    }

    static Eventlog start(String url, String brokers, String instance, Lanes lanes) {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(url);
        Eventlog log =
                Eventlog.open(
                        new EventlogSettings(
                                "race",
                                instance,
                                brokers,
                                1,
                                lanes.echoes(),
                                new SimpleMeterRegistry()));
        log.run(new Runners(lanes), database);
        log.run(new Catchers(lanes), database);
        log.relay("http", database);
        return log;
    }

    static byte[] bytes(long token) {
        return Long.toString(token).getBytes(StandardCharsets.UTF_8);
    }

    static long token(Incoming record) {
        return Long.parseLong(new String(record.value(), StandardCharsets.UTF_8));
    }

    /** Passes each new token on to the catcher of token mod 4. */
    static final class Runner implements Shard {
        final int index;
        final Lanes lanes;
        final Set<Long> seen = new HashSet<>();
        final List<Long> fresh = new ArrayList<>();

        Runner(int index, Lanes lanes) {
            this.index = index;
            this.lanes = lanes;
        }

        @Override
        public void handle(Incoming record, long nowMillis, Emitter out) {
            long token = token(record);
            if (token < 0) {
                throw new IllegalStateException("poison");
            }
            if (seen.add(token)) {
                fresh.add(token);
                int catcher = (int) (token % SHARDS);
                out.emit(new Outgoing(lanes.passes(), catcher, null, bytes(token), record.reply()));
            }
        }

        @Override
        public void refuse(Incoming command, long nowMillis, Emitter out) {
            out.emit(
                    new Outgoing(
                            lanes.echoes(),
                            index,
                            null,
                            "refused".getBytes(StandardCharsets.UTF_8),
                            command.reply()));
        }

        @Override
        public long stateHash() {
            return seen.hashCode();
        }
    }

    record Runners(Lanes lanes) implements ShardGroup<Runner, Connection> {
        @Override
        public String name() {
            return "runners";
        }

        @Override
        public int shards() {
            return SHARDS;
        }

        @Override
        public List<InputTopic> inputs() {
            return List.of(new InputTopic(lanes.commands(), InputTopic.Kind.COMMANDS));
        }

        @Override
        public Runner create(int index) {
            return new Runner(index, lanes);
        }

        @Override
        public void load(List<Runner> shards, Connection transaction) throws SQLException {
            for (Runner runner : shards) {
                try (PreparedStatement select =
                        transaction.prepareStatement("select token from run where shard = ?")) {
                    select.setInt(1, runner.index);
                    try (ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            runner.seen.add(rows.getLong(1));
                        }
                    }
                }
            }
        }

        @Override
        public void flush(List<Runner> changed, Connection transaction, Writes writes)
                throws SQLException {
            List<Integer> shards = new ArrayList<>();
            List<Long> tokens = new ArrayList<>();
            for (Runner runner : changed) {
                runner.fresh.forEach(
                        token -> {
                            shards.add(runner.index);
                            tokens.add(token);
                        });
                runner.fresh.clear();
            }
            try (PreparedStatement insert =
                    transaction.prepareStatement(
                            "insert into run select * from unnest(?::integer[], ?::bigint[])")) {
                insert.setArray(1, transaction.createArrayOf("int4", shards.toArray()));
                insert.setArray(2, transaction.createArrayOf("int8", tokens.toArray()));
                insert.executeUpdate();
            }
        }
    }

    /** Stores each token in the order it came, and echoes it to whoever awaits it. */
    static final class Catcher implements Shard {
        final int index;
        final Lanes lanes;
        final List<Long> tokens = new ArrayList<>();
        int stored;

        Catcher(int index, Lanes lanes) {
            this.index = index;
            this.lanes = lanes;
        }

        @Override
        public void handle(Incoming record, long nowMillis, Emitter out) {
            tokens.add(token(record));
            if (record.reply() != null) {
                out.emit(new Outgoing(lanes.echoes(), index, null, record.value(), record.reply()));
            }
        }

        @Override
        public void refuse(Incoming command, long nowMillis, Emitter out) {
            throw new IllegalStateException("events are not refused");
        }

        @Override
        public long stateHash() {
            return tokens.hashCode();
        }
    }

    record Catchers(Lanes lanes) implements ShardGroup<Catcher, Connection> {
        @Override
        public String name() {
            return "catchers";
        }

        @Override
        public int shards() {
            return SHARDS;
        }

        @Override
        public List<InputTopic> inputs() {
            return List.of(new InputTopic(lanes.passes(), InputTopic.Kind.EVENTS));
        }

        @Override
        public Catcher create(int index) {
            return new Catcher(index, lanes);
        }

        @Override
        public void load(List<Catcher> shards, Connection transaction) throws SQLException {
            for (Catcher catcher : shards) {
                try (PreparedStatement select =
                        transaction.prepareStatement(
                                "select token from caught where shard = ? order by place")) {
                    select.setInt(1, catcher.index);
                    try (ResultSet rows = select.executeQuery()) {
                        while (rows.next()) {
                            catcher.tokens.add(rows.getLong(1));
                        }
                    }
                }
                catcher.stored = catcher.tokens.size();
            }
        }

        @Override
        public void flush(List<Catcher> changed, Connection transaction, Writes writes)
                throws SQLException {
            List<Integer> shards = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            List<Long> tokens = new ArrayList<>();
            for (Catcher catcher : changed) {
                for (int i = catcher.stored; i < catcher.tokens.size(); i++) {
                    shards.add(catcher.index);
                    places.add(i);
                    tokens.add(catcher.tokens.get(i));
                }
                catcher.stored = catcher.tokens.size();
            }
            try (PreparedStatement insert =
                    transaction.prepareStatement(
                            "insert into caught select *"
                                    + " from unnest(?::integer[], ?::bigint[], ?::bigint[])")) {
                insert.setArray(1, transaction.createArrayOf("int4", shards.toArray()));
                insert.setArray(2, transaction.createArrayOf("int8", places.toArray()));
                insert.setArray(3, transaction.createArrayOf("int8", tokens.toArray()));
                insert.executeUpdate();
            }
        }
    }
}
