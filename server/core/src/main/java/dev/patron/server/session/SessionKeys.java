package dev.patron.server.session;

import dev.patron.server.valkey.Valkey;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** How sessions, and the indexes that list them by when they began, are called in Valkey. */
record SessionKeys(Valkey valkey) {

    /** Where a session is. */
    String session(long sessionKey) {
        return valkey.key("session", HexFormat.of().toHexDigits(sessionKey));
    }

    /** Where a customer's sessions are listed. */
    String customer(long customerKey) {
        return valkey.key("customer", Long.toString(customerKey));
    }

    /** Where a store's sessions are listed. */
    String store(String storeHash) {
        return valkey.key("store", storeHash);
    }

    /** A session in such a list. Of those that began at once, the order of bytes is the order of their keys. */
    static byte[] member(long sessionKey) {
        return HexFormat.of().toHexDigits(sessionKey ^ Long.MIN_VALUE).getBytes(StandardCharsets.US_ASCII);
    }

    /** The session that such a member stands for. */
    static long sessionKey(byte[] member) {
        return HexFormat.fromHexDigitsToLong(new String(member, StandardCharsets.US_ASCII)) ^ Long.MIN_VALUE;
    }
}
