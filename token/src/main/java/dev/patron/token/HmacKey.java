package dev.patron.token;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * A secret made ready for one algorithm: HMAC as in RFC 2104.
 *
 * <p>{@code H(K xor opad, H(K xor ipad, text))} begins with one and the same block of the key in both digests, so both are
 * begun here, once, and every code continues copies of them. {@link javax.crypto.Mac} would digest the two blocks anew each
 * time and would have to be locked or pooled, because it serves one thread at a time. The begun digests are never
 * changed, so any number of threads may share a key.
 */
final class HmacKey {
    private static final byte INNER_PAD = 0x36;
    private static final byte OUTER_PAD = 0x5c;

    private final JwsAlgorithm algorithm;
    private final MessageDigest inner;
    private final MessageDigest outer;

    HmacKey(JwsAlgorithm algorithm, byte[] key) {
        this.algorithm = algorithm;
        byte[] block =
                key.length > algorithm.blockLength() ? newDigest(algorithm).digest(key) : key;
        this.inner = begun(algorithm, block, INNER_PAD);
        this.outer = begun(algorithm, block, OUTER_PAD);
    }

    JwsAlgorithm algorithm() {
        return algorithm;
    }

    /** The code of the first {@code length} bytes. */
    byte[] mac(byte[] bytes, int length) {
        MessageDigest text = copy(inner);
        text.update(bytes, 0, length);
        return copy(outer).digest(text.digest());
    }

    private static MessageDigest begun(JwsAlgorithm algorithm, byte[] key, byte pad) {
        byte[] block = Arrays.copyOf(key, algorithm.blockLength());
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
        MessageDigest digest = newDigest(algorithm);
        digest.update(block);
        return digest;
    }

    private static MessageDigest newDigest(JwsAlgorithm algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.digestName());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java run-time has no " + algorithm.digestName(), e);
        }
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the provider " + digest.getProvider() + " can't copy a begun digest", e);
        }
    }
}
