package dev.patron.server.secret;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The SHA-256 of a {@link BearerSecret}: what storage knows of it. Immutable. */
public final class SecretHash {

    private final byte[] bytes;

    private SecretHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static SecretHash of(byte[] sha256) {
        return new SecretHash(sha256);
    }

    /** The first 64 bits, by which storage finds it. */
    public long key() {
        return ByteBuffer.wrap(bytes).getLong();
    }

    /** All 256 bits, which have to be equal too. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(key());
    }

    @Override
    public String toString() {
        return "SecretHash[***]";
    }
}
