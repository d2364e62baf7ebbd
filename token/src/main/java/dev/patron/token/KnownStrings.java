package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strings a token is expected to hold. Read bytes are looked up here, so that what is expected needs no new object.
 * A hash table with open addressing; at most {@value #MAX} strings, so that their indexes fit the bits of a long.
 */
final class KnownStrings {
    static final int MAX = 64;

    /** Four slots for each string: the search for a stranger ends soon. */
    private static final int SLOTS = 4 * MAX;

    private static final byte NONE = -1;

    private final String[] strings;
    private final byte[][] bytes;
    private final byte[] slots = new byte[SLOTS];

    KnownStrings(List<String> expected) {
        strings = expected.stream().distinct().limit(MAX).toArray(String[]::new);
        bytes = new byte[strings.length][];
        Arrays.fill(slots, NONE);
        for (int i = 0; i < strings.length; i++) {
            bytes[i] = strings[i].getBytes(UTF_8);
            int slot = firstSlot(bytes[i], 0, bytes[i].length);
            while (slots[slot] != NONE) {
                slot = next(slot);
            }
            slots[slot] = (byte) i;
        }
    }

    /** The index of the string whose UTF-8 form stands from {@code from} to before {@code to}; negative for none. */
    int indexOf(byte[] source, int from, int to) {
        int slot = firstSlot(source, from, to);
        while (slots[slot] != NONE) {
            byte[] candidate = bytes[slots[slot]];
            if (Arrays.equals(candidate, 0, candidate.length, source, from, to)) {
                return slots[slot];
            }
            slot = next(slot);
        }
        return NONE;
    }

    String get(int index) {
        return strings[index];
    }

    /** The known string whose UTF-8 form stands there; null for none. */
    @Nullable
    String find(byte[] source, int from, int to) {
        int index = indexOf(source, from, to);
        return index < 0 ? null : strings[index];
    }

    private static int firstSlot(byte[] source, int from, int to) {
        int hash = to - from;
        if (from < to) {
            hash = 31 * (31 * hash + source[from]) + source[to - 1];
        }
        return hash & (SLOTS - 1);
    }

    private static int next(int slot) {
        return (slot + 1) & (SLOTS - 1);
    }
}
