package io.perpetua.eventlog;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The database as the keeper of leases sees it. */
interface LeaseStore extends AutoCloseable {
    /** Makes the rows of shards that are not there yet. */
    void register(String kind, List<String> shards) throws SQLException;

    /**
     * Says that the instance lives, renews the leases named, and gives the picture that results. A
     * lease whose row a batch has locked is skipped: the batch renews it.
     */
    View beat(String kind, String instance, List<ShardStore.Fence> renewed) throws SQLException;

    /** Says that the instance is gone. */
    void leave(String kind, String instance) throws SQLException;

    @Override
    void close();

    /**
     * The leases of one kind.
     *
     * @param instances living instances, sorted
     */
    record View(List<String> instances, List<Lease> leases) {}

    /**
     * One lease.
     *
     * @param owner who had it last
     * @param epoch how often it has been taken
     * @param held whether it has not run out
     */
    record Lease(String shard, @Nullable String owner, long epoch, boolean held) {}
}
