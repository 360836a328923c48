package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import javax.sql.DataSource;

/**
 * A service's door to the log: one a process. Everything made here is started when returned and
 * stops, in order, with {@link #close}.
 */
public interface Eventlog extends AutoCloseable {
    /** Opens the log. Nothing is read or sent until it is asked for. */
    static Eventlog open(EventlogSettings settings) {
        return new KafkaEventlog(settings);
    }

    /**
     * Runs the shards of {@code group} that fall to this instance, until closed. Shards are leased
     * in the database behind {@code shardDatabase}, whose connections are of the role {@code
     * x_shard}.
     */
    <S extends Shard> ShardRunner run(ShardGroup<S, Connection> group, DataSource shardDatabase);

    /**
     * Runs the relay that sends what {@link #emit} stored under {@code source}, on whichever
     * instance holds its lease.
     */
    void relay(String source, DataSource shardDatabase);

    /**
     * Ends a transaction that began with HTTP by numbering and storing what it publishes. To be
     * called as the transaction's last act: the numbers' row locks are held to its commit. Nothing
     * is sent before the commit; a rollback leaves no gap.
     *
     * @param source the name of the relay that sends them, for example {@code accounts-http}
     */
    void emit(Connection transaction, String source, List<Outgoing> records) throws SQLException;

    /**
     * Tells the relay of {@code source} that a transaction has committed, so that it need not wait.
     */
    void committed(String source);

    /**
     * Sends a record that carries no number: a client's command, or a value of which only the
     * newest matters. Completes when the log has it on every replica that it waits for; fails when
     * that is not known.
     */
    CompletionStage<Void> send(Outgoing record);

    /**
     * Reads a compacted topic from its beginning and keeps giving each record's key and value to
     * {@code newest}, on one thread, at most ten times a second a key; the newest record of a key
     * comes last. Returns once everything that was there at the call has been given.
     */
    default void followNewest(String topic, int partitions, BiConsumer<String, byte[]> newest) {
        followNewest(topic, partitions, NewestReader.GIVE_MILLIS, newest);
    }

    /** The same, for those who want a value at most once in {@code giveMillis}. */
    void followNewest(
            String topic, int partitions, long giveMillis, BiConsumer<String, byte[]> newest);

    /**
     * Leases a gateway number (0 to 31) in the database and keeps it while this process lives: the
     * gateway's ids are unique and its replies find it.
     */
    Gateway gateway(DataSource database);

    /**
     * Tails all partitions of {@code topic} from its end and completes the waits of {@code gateway}
     * with the value of the record whose header names them. Returns once it reads, so that a wait
     * registered afterwards can't be missed.
     */
    ReplyTail tailReplies(Gateway gateway, String topic, int partitions);

    /** Whether everything that runs here is well; what is not is named. */
    List<String> problems();

    @Override
    void close();
}
