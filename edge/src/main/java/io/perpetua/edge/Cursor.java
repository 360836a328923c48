package io.perpetua.edge;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.CRC32C;

/**
 * A place in a list that is ordered by time and id, newest first; opaque to clients. Its checksum
 * tells a damaged cursor from a real one, not a forged one: rows are guarded by the database.
 *
 * @param time in the unit of the list's time column
 * @param id tells rows of one time apart
 */
public record Cursor(long time, long id) {
    private static final int LENGTH = 20;

    /** From what {@link #toString} wrote. @throws IllegalArgumentException if it is damaged */
    public static Cursor parse(String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("not a cursor");
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        Cursor cursor = new Cursor(buffer.getLong(), buffer.getLong());
        if (buffer.getInt() != cursor.checksum()) {
            throw new IllegalArgumentException("not a cursor");
        }
        return cursor;
    }

    private int checksum() {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(16).putLong(time).putLong(id).flip());
        return (int) crc.getValue();
    }

    @Override
    public String toString() {
        byte[] bytes =
                ByteBuffer.allocate(LENGTH).putLong(time).putLong(id).putInt(checksum()).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
