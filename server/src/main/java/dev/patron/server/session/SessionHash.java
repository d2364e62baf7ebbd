package dev.patron.server.session;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** The SHA-256 of a {@link SessionId}: what storage knows a session by. Immutable. */
public final class SessionHash {

    private final byte[] bytes;

    private SessionHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static SessionHash of(byte[] sha256) {
        return new SessionHash(sha256);
    }

    /** The first 64 bits, by which storage finds the session. */
    public long key() {
        return ByteBuffer.wrap(bytes).getLong();
    }

    /** All 256 bits, which have to be equal too. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SessionHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(key());
    }

    @Override
    public String toString() {
        return "SessionHash[***]";
    }
}
