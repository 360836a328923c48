package io.perpetua.marketdata.app;

import io.perpetua.contracts.value.MarketId;
import io.perpetua.marketdata.domain.oracle.Bar;
import io.perpetua.marketdata.domain.oracle.ReplaySpeed;
import io.perpetua.marketdata.persistence.BarFile;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Queues the bars of a file as a market's index, unless bars are queued: a restart goes on where
 * the file had got to.
 */
@ApplicationScoped
public class LoadBarFileHandler {
    private final QueueBarsHandler queue;
    private final ReplayQueries replays;

    LoadBarFileHandler(QueueBarsHandler queue, ReplayQueries replays) {
        this.queue = queue;
        this.replays = replays;
    }

    /** Returns how many bars are queued now. */
    public int handle(MarketId market, Path file, ReplaySpeed speed) {
        int queued = replays.queued(market);
        return queued > 0 ? queued : queue.handleAll(market, read(file), speed).queued();
    }

    private static List<Bar> read(Path file) {
        try (InputStream bytes = Files.newInputStream(file)) {
            return BarFile.read(bytes);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new UncheckedIOException(
                    new IOException(file + " can't be replayed: " + unreadable, unreadable));
        }
    }
}
