package dev.patron.server.audit;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Disclosures that differ in time and customer only, in one row: 12 bytes for each, the milliseconds since the row's
 * moment (4) and the customer's key (8; 0 for an erased one), both big-endian. A row for each would cost the embedded
 * database a fifth of what a token costs.
 */
final class Several {

    /** The most that a row has. */
    static final int MOST = 1000;

    /** No disclosure of a row is as much later as this than the row's moment. */
    static final Duration SPAN = Duration.ofMinutes(1);

    /** The key of nobody. */
    static final long NOBODY = 0;

    private static final int BYTES = Integer.BYTES + Long.BYTES;

    /** One of them. */
    record Entry(Instant at, long customerKey) {}

    private Several() {}

    static byte[] write(Instant moment, List<Entry> entries) {
        ByteBuffer bytes = ByteBuffer.allocate(entries.size() * BYTES);
        for (Entry entry : entries) {
            bytes.putInt(Math.toIntExact(Duration.between(moment, entry.at()).toMillis()));
            bytes.putLong(entry.customerKey());
        }
        return bytes.array();
    }

    /** The same with nobody in the place of some customers. */
    static List<Entry> anonymous(List<Entry> entries, Set<Long> keys) {
        return entries.stream()
                .map(entry -> keys.contains(entry.customerKey()) ? new Entry(entry.at(), NOBODY) : entry)
                .toList();
    }

    static List<Entry> read(Instant moment, byte[] written) {
        ByteBuffer bytes = ByteBuffer.wrap(written);
        List<Entry> entries = new ArrayList<>(written.length / BYTES);
        while (bytes.hasRemaining()) {
            entries.add(new Entry(moment.plusMillis(bytes.getInt()), bytes.getLong()));
        }
        return entries;
    }
}
