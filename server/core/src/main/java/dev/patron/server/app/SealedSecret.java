package dev.patron.server.app;

/** A secret as it is at rest: encrypted by the {@link MasterKey}. Immutable. */
public final class SealedSecret {

    private final byte[] bytes;

    private SealedSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A sealed secret as storage keeps it. */
    public static SealedSecret of(byte[] bytes) {
        return new SealedSecret(bytes.clone());
    }

    /** What storage keeps. */
    public byte[] toBytes() {
        return bytes.clone();
    }
}
