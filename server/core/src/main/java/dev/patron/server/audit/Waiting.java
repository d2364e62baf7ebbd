package dev.patron.server.audit;

import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Disclosures that wait to be written, 16 bytes each: thousands of objects that outlive a garbage collection or two would
 * cost a busy server more than the writing does. Not thread-safe.
 */
final class Waiting {

    /** What disclosures have in common that may share a row. */
    record Common(String storeHash, String clientId, String claims, long secretId) {}

    /** When the disclosures were, to the millisecond, and about whom; in the order in which they were added. */
    static final class Series {

        private static final int LONGS = 2;

        private long[] longs = new long[16 * LONGS];
        private int size;

        private void add(long millis, long customerKey) {
            if (size * LONGS == longs.length) {
                longs = Arrays.copyOf(longs, longs.length * 2);
            }
            longs[size * LONGS] = millis;
            longs[size * LONGS + 1] = customerKey;
            size++;
        }

        int size() {
            return size;
        }

        Instant at(int index) {
            return Instant.ofEpochMilli(longs[index * LONGS]);
        }

        long customerKey(int index) {
            return longs[index * LONGS + 1];
        }
    }

    /** In the order of arrival, so that rows of the same moment are written in it. */
    private final Map<Common, Series> series = new LinkedHashMap<>();

    private int size;

    void add(Disclosed token) {
        Common common = new Common(token.storeHash(), token.clientId(), token.claims(), token.secretId());
        series.computeIfAbsent(common, _ -> new Series()).add(token.at().toEpochMilli(), token.customerKey());
        size++;
    }

    int size() {
        return size;
    }

    /** The first half and the rest, in their order. */
    List<Waiting> halves() {
        Waiting first = new Waiting();
        Waiting rest = new Waiting();
        int[] left = {size / 2};
        forEach((common, all) -> {
            for (int i = 0; i < all.size(); i++) {
                Waiting half = left[0]-- > 0 ? first : rest;
                half.series
                        .computeIfAbsent(common, _ -> new Series())
                        .add(all.at(i).toEpochMilli(), all.customerKey(i));
                half.size++;
            }
        });
        return List.of(first, rest);
    }

    void forEach(BiConsumer<Common, Series> consumer) {
        series.forEach(consumer);
    }
}
