package dev.patron.token;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Eight bytes at a time, as a long with the first byte in its lowest bits. */
final class Word {
    static final int LENGTH = Long.BYTES;

    private static final VarHandle LITTLE_ENDIAN =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Word() {}

    /** The eight bytes from {@code from} on. */
    static long at(byte[] bytes, int from) {
        return (long) LITTLE_ENDIAN.get(bytes, from);
    }

    /** The bytes from {@code from} to before {@code to}, at most the first eight, filled up with zeros. */
    static long upTo(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length >= LENGTH) {
            return at(bytes, from);
        }
        if (from + LENGTH <= bytes.length) {
            return at(bytes, from) & ((1L << (length * Byte.SIZE)) - 1);
        }
        long word = 0;
        for (int i = to - 1; i >= from; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return word;
    }
}
