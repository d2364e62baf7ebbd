package dev.patron.server.customer;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** Argon2id, version 1.3 (RFC 9106). */
@FunctionalInterface
interface Argon2id {

    /** Computes a hash of so many bytes. */
    byte[] compute(byte[] password, byte[] salt, Argon2Cost cost, int length);

    /**
     * By Bouncy Castle. Each thread keeps the memory from one hash to the next, wiped, until it ends: fresh memory for each
     * one would keep the garbage collector as busy as the hash keeps a processor.
     *
     * @param kibibytes how much memory a thread keeps; what a hash takes beyond it is not kept
     */
    static Argon2id withKeptMemory(int kibibytes) {
        // A few blocks more than the memory itself, which a hash needs beside it.
        ThreadLocal<BlockPool> kept = ThreadLocal.withInitial(() -> new FixedBlockPool(kibibytes + 16));
        return (password, salt, cost, length) -> {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(cost.kibibytes())
                    .withIterations(cost.passes())
                    .withParallelism(cost.lanes())
                    .withSalt(salt)
                    .withBlockPool(kept.get())
                    .build());
            byte[] hash = new byte[length];
            generator.generateBytes(password, hash);
            return hash;
        };
    }
}
