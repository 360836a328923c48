package io.perpetua.eventlog;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway number held by lease. The lease's row says up to which millisecond its holder may issue
 * ids; the next holder starts there. So ids are unique whatever the clocks of both say, and however
 * long a holder was paused.
 */
final class GatewayLease implements Gateway, Worker.Turns {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayLease.class);
    private static final long LEASE_MILLIS = 10_000;
    private static final long RENEW_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int TAKE_ATTEMPTS = 40;
    private static final long TAKE_PAUSE_MILLIS = 500;

    private static final String TAKE =
            "update gateway g set owner = ?, until = clock_timestamp() + ? * interval '1 ms',"
                    + " ids_below_millis = greatest(?, g.ids_below_millis) + ?"
                    + " from (select number, ids_below_millis from gateway"
                    + " where until < clock_timestamp()"
                    + " order by number limit 1 for update skip locked) free"
                    + " where g.number = free.number"
                    + " returning g.number, free.ids_below_millis, g.ids_below_millis";
    private static final String RENEW =
            "update gateway set until = clock_timestamp() + ? * interval '1 ms',"
                    + " ids_below_millis = greatest(ids_below_millis, ?)"
                    + " where number = ? and owner = ? returning ids_below_millis";
    private static final String RELEASE =
            "update gateway set owner = null, until = '-infinity', ids_below_millis = ?"
                    + " where number = ? and owner = ?";

    private final DataSource database;
    private final String owner;
    private final int number;
    private final IdSequence ids;
    private final LongSupplier clock;
    private volatile String trouble = "";

    private GatewayLease(
            DataSource database, String owner, int number, IdSequence ids, LongSupplier clock) {
        this.database = database;
        this.owner = owner;
        this.number = number;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Takes a free number, waiting for one to run out if all are taken.
     *
     * @param owner unique to this process, not merely to its name
     */
    static GatewayLease take(DataSource database, String owner, LongSupplier clock)
            throws SQLException, InterruptedException {
        for (int attempt = 0; attempt < TAKE_ATTEMPTS; attempt++) {
            long now = clock.getAsLong();
            try (Connection connection = database.getConnection();
                    PreparedStatement take = connection.prepareStatement(TAKE)) {
                take.setString(1, owner);
                take.setLong(2, LEASE_MILLIS);
                take.setLong(3, now);
                take.setLong(4, LEASE_MILLIS);
                try (ResultSet row = take.executeQuery()) {
                    if (row.next()) {
                        int number = row.getInt(1);
                        IdSequence ids = new IdSequence(number, row.getLong(2), clock);
                        ids.allowBelow(row.getLong(3));
                        LOG.info("this gateway is number {}", number);
                        return new GatewayLease(database, owner, number, ids, clock);
                    }
                }
            }
            TimeUnit.MILLISECONDS.sleep(TAKE_PAUSE_MILLIS);
        }
        throw new IllegalStateException("all gateway numbers are taken");
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public long nextId() {
        return ids.next();
    }

    java.util.List<String> problems() {
        return trouble.isEmpty() ? java.util.List.of() : java.util.List.of("gateway: " + trouble);
    }

    /** Renews the lease. */
    @Override
    public long turn() throws SQLException {
        long wanted = Math.max(clock.getAsLong(), ids.lastMillis()) + LEASE_MILLIS;
        try (Connection connection = database.getConnection();
                PreparedStatement renew = connection.prepareStatement(RENEW)) {
            renew.setLong(1, LEASE_MILLIS);
            renew.setLong(2, wanted);
            renew.setInt(3, number);
            renew.setString(4, owner);
            try (ResultSet row = renew.executeQuery()) {
                if (row.next()) {
                    ids.allowBelow(row.getLong(1));
                    trouble = "";
                } else {
                    trouble = "number " + number + " belongs to another process: restart this one";
                }
            }
        }
        return RENEW_NANOS;
    }

    @Override
    public void failed(Throwable thrown) {
        trouble = "the number's lease could not be renewed: " + thrown;
    }

    /** Hands the number back, saying which ids are used up. */
    @Override
    public void end() {
        long below = ids.close();
        try (Connection connection = database.getConnection();
                PreparedStatement release = connection.prepareStatement(RELEASE)) {
            release.setLong(1, below);
            release.setInt(2, number);
            release.setString(3, owner);
            release.executeUpdate();
        } catch (SQLException unreachable) {
            LOG.warn("gateway number {} could not be handed back; it runs out", number);
        }
    }
}
