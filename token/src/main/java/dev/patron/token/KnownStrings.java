package dev.patron.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The strings a token is expected to hold. Read bytes are looked up here, so that what is expected needs no new object.
 *
 * <p>A hash table with open addressing. First and last eight bytes stand for a string; together with the length they are
 * all there is to compare of one that has up to sixteen bytes, as the claims' names have.
 */
final class KnownStrings {
    /** How many there may be, so that their indexes fit the bits of a long. */
    static final int MAX = 64;

    /** Four slots for each string: the search for a stranger ends soon. */
    private static final int SLOTS = 4 * MAX;

    private static final long SPREAD = 0x9e3779b97f4a7c15L;
    private static final byte NONE = -1;

    private final String[] strings;
    private final byte[][] bytes;
    private final long[] heads;
    private final long[] tails;
    private final byte[] slots = new byte[SLOTS];

    KnownStrings(List<String> expected) {
        strings = expected.stream().distinct().toArray(String[]::new);
        if (strings.length > MAX) {
            throw new IllegalArgumentException("there are " + strings.length + " strings; expected up to " + MAX);
        }
        bytes = new byte[strings.length][];
        heads = new long[strings.length];
        tails = new long[strings.length];
        Arrays.fill(slots, NONE);
        for (int i = 0; i < strings.length; i++) {
            bytes[i] = strings[i].getBytes(UTF_8);
            heads[i] = Word.upTo(bytes[i], 0, bytes[i].length);
            tails[i] = tail(bytes[i], 0, bytes[i].length);
            int slot = firstSlot(heads[i], tails[i]);
            while (slots[slot] != NONE) {
                slot = next(slot);
            }
            slots[slot] = (byte) i;
        }
    }

    /** The index of the string whose UTF-8 form stands from {@code from} to before {@code to}; negative for none. */
    int indexOf(byte[] source, int from, int to) {
        long head = Word.upTo(source, from, to);
        long tail = tail(source, from, to);
        int slot = firstSlot(head, tail);
        while (slots[slot] != NONE) {
            int index = slots[slot];
            if (heads[index] == head && tails[index] == tail && isRestEqual(bytes[index], source, from, to)) {
                return index;
            }
            slot = next(slot);
        }
        return NONE;
    }

    /** Where the quote stands that ends the string, if it is this one that begins at {@code from}; negative otherwise. */
    int endOf(int index, byte[] source, int from) {
        if (index >= strings.length) {
            return NONE;
        }
        int to = from + bytes[index].length;
        boolean found = to < source.length
                && source[to] == '"'
                && heads[index] == Word.upTo(source, from, to)
                && tails[index] == tail(source, from, to)
                && isRestEqual(bytes[index], source, from, to);
        return found ? to : NONE;
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

    private static boolean isRestEqual(byte[] candidate, byte[] source, int from, int to) {
        int length = to - from;
        return candidate.length == length
                && (length <= 2 * Word.LENGTH || Arrays.equals(candidate, 0, length, source, from, to));
    }

    /** The last eight bytes; of less than eight, 0. */
    private static long tail(byte[] source, int from, int to) {
        return to - from < Word.LENGTH ? 0 : Word.at(source, to - Word.LENGTH);
    }

    private static int firstSlot(long head, long tail) {
        return (int) (((head ^ Long.rotateLeft(tail, 32)) * SPREAD) >>> 56);
    }

    private static int next(int slot) {
        return (slot + 1) % SLOTS;
    }
}
