package dev.patron.server.app;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import dev.patron.server.sql.DataFolder;
import dev.patron.token.ClientSecret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals client secrets and the keys of second factors at rest with AES-256-GCM (NIST SP 800-38D): a format byte, a random
 * nonce of 12 bytes, the ciphertext with its tag of 16 bytes. The owner, such as a client id, is authenticated with it, so
 * that a sealed secret cannot be moved to another. It also makes {@linkplain #pseudonym pseudonyms}. Thread-safe.
 */
public final class MasterKey {

    private static final String MAC = "HmacSHA256";
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final String FILE = "master.key";
    private static final byte FORMAT = 1;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Who owns what proves that this is the key. No client id looks like that. */
    private static final String PROOF_OWNER = "master key";

    private final SecretKeySpec key;
    private final SecretKey pseudonymKey;

    private MasterKey(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
        this.pseudonymKey = derive("pseudonym");
    }

    /**
     * The key that the operator gives, or the one in the data folder, which the first start makes.
     *
     * @throws InvalidOptionException when the file in the data folder is damaged
     */
    public static MasterKey of(Options options) {
        String hex = options.get(Options.MASTER_KEY);
        if (hex.isEmpty()) {
            Path folder = DataFolder.open(options.get(Options.DATA));
            hex = DataFolder.secret(folder.resolve(FILE), MasterKey::create);
            if (!hex.matches("[0-9a-fA-F]{64}")) {
                throw new InvalidOptionException(
                        "patron.data: the file master.key in the data folder is damaged: it must"
                                + " hold 64 hexadecimal digits. Restore it from a backup; without it no client secret can be"
                                + " read.");
            }
        }
        return new MasterKey(HexFormat.of().parseHex(hex));
    }

    /** Whether there is a key already, so that {@link #of} makes none. */
    public static boolean isThere(Options options) {
        return !options.get(Options.MASTER_KEY).isEmpty()
                || Files.exists(options.get(Options.DATA).resolve(FILE));
    }

    SealedSecret seal(String clientId, ClientSecret secret) {
        return sealBytes(clientId, secret.reveal().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Opens a sealed secret.
     *
     * @throws IllegalStateException when it was sealed with another key or for another app, or is damaged
     */
    public ClientSecret open(String clientId, SealedSecret sealed) {
        return ClientSecret.of(new String(openBytes(clientId, sealed), StandardCharsets.UTF_8));
    }

    /** Seals bytes for an owner. */
    public SealedSecret sealBytes(String owner, byte[] plaintext) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] sealed = crypt(Cipher.ENCRYPT_MODE, owner, nonce, plaintext);
        return SealedSecret.of(ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                .put(FORMAT)
                .put(nonce)
                .put(sealed)
                .array());
    }

    /**
     * Opens bytes that were sealed for an owner.
     *
     * @throws IllegalStateException when they were sealed with another key or for another owner, or are damaged
     */
    public byte[] openBytes(String owner, SealedSecret sealed) {
        ByteBuffer buffer = ByteBuffer.wrap(sealed.toBytes());
        byte[] nonce = new byte[NONCE_BYTES];
        if (buffer.remaining() <= 1 + NONCE_BYTES || buffer.get() != FORMAT) {
            throw new IllegalStateException("A sealed secret is damaged");
        }
        buffer.get(nonce);
        byte[] ciphertext = new byte[buffer.remaining()];
        buffer.get(ciphertext);
        return crypt(Cipher.DECRYPT_MODE, owner, nonce, ciphertext);
    }

    /**
     * What stands for a name, such as an e-mail address, where others may see it: always the same, and nobody without this
     * key can try out whose it is. 64 hexadecimal digits: HMAC-SHA-256 (RFC 2104) with a key of its own (RFC 5869).
     */
    public String pseudonym(String name) {
        return HexFormat.of().formatHex(mac(pseudonymKey, name.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * HMAC-SHA-256 (RFC 2104) of a message, with a key of its own for each purpose (RFC 5869).
     *
     * @param purpose what it is for, such as {@code device}; no other use has the same
     */
    public byte[] mac(String purpose, byte[] message) {
        return mac(derive(purpose), message);
    }

    private static byte[] mac(SecretKey key, byte[] message) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(key);
            return mac.doFinal(message);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    /** Whether this key opens a sealed secret. */
    boolean opens(String clientId, SealedSecret sealed) {
        try {
            var _ = open(clientId, sealed);
            return true;
        } catch (IllegalStateException another) {
            return false;
        }
    }

    /** Something sealed by which this key can be told from another. */
    SealedSecret proof() {
        return sealBytes(PROOF_OWNER, PROOF_OWNER.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it was this key that made the proof. */
    boolean proves(SealedSecret proof) {
        try {
            var _ = openBytes(PROOF_OWNER, proof);
            return true;
        } catch (IllegalStateException another) {
            return false;
        }
    }

    private byte[] crypt(int mode, String owner, byte[] nonce, byte[] input) {
        try {
            Cipher cipher = Cipher.getInstance(TRANSFORMATION);
            cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
            return cipher.doFinal(input);
        } catch (GeneralSecurityException failed) {
            throw new IllegalStateException("A secret cannot be opened: it was sealed with another master key", failed);
        }
    }

    private SecretKey derive(String purpose) {
        byte[] info = purpose.getBytes(StandardCharsets.UTF_8);
        try {
            return KDF.getInstance("HKDF-SHA256").deriveKey(MAC, HKDFParameterSpec.expandOnly(key, info, KEY_BYTES));
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }

    private static String create() {
        byte[] bits = new byte[KEY_BYTES];
        RANDOM.nextBytes(bits);
        return HexFormat.of().formatHex(bits);
    }

    @Override
    public String toString() {
        return "MasterKey[***]";
    }
}
