package dev.patron.token;

import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A secret made ready for one algorithm.
 *
 * <p>A {@link Mac} serves one thread at a time and takes long to prepare. So prepared ones wait in a few slots: a thread
 * takes the one from its slot, computes and puts it back; finding none, it prepares another. Nobody waits for anybody, and
 * unlike with thread locals, a million virtual threads don't keep a million of them.
 */
final class HmacKey {
    private static final int SLOTS = 64;

    private final JwsAlgorithm algorithm;
    private final SecretKeySpec key;
    private final AtomicReferenceArray<@Nullable Mac> idle = new AtomicReferenceArray<>(SLOTS);

    HmacKey(JwsAlgorithm algorithm, ClientSecret secret) {
        this.algorithm = algorithm;
        this.key = new SecretKeySpec(secret.bytes(), algorithm.macName());
        idle.set(0, prepare());
    }

    JwsAlgorithm algorithm() {
        return algorithm;
    }

    /** The code of the first {@code length} bytes. */
    byte[] mac(byte[] bytes, int length) {
        int slot = (int) Thread.currentThread().getId() & (SLOTS - 1);
        Mac mac = idle.getAndSet(slot, null);
        if (mac == null) {
            mac = prepare();
        }
        mac.update(bytes, 0, length);
        byte[] code = mac.doFinal();
        // A Mac that failed half-way is not put back.
        idle.setRelease(slot, mac);
        return code;
    }

    private Mac prepare() {
        try {
            Mac mac = Mac.getInstance(algorithm.macName());
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java run-time has no usable " + algorithm.macName(), e);
        }
    }
}
