package dev.patron.token;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.patron.token.InvalidTokenException.Reason;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The lower layer of a token: the compact form, the message authentication code and the header (RFC 7515). What the payload
 * says is not its business.
 *
 * <p>Nothing the sender wrote is interpreted before the code is found genuine. Which algorithm is tried follows from the
 * code's length alone; the header has no say in it and may only agree.
 */
final class JwsVerifier {
    /** In bytes: 8 KiB. */
    static final int MAX_LENGTH = 8192;

    private static final KnownStrings HEADER_STRINGS =
            new KnownStrings(List.of("alg", "typ", "crit", "kid", "JWT", "HS256", "HS512"));

    private static final byte[] NOTHING = {};

    private final HmacKey[] keys;
    private final JwsAlgorithm[] algorithms;

    /** Accepts tokens signed with one of these keys; those for the same algorithm are tried in their order. */
    JwsVerifier(List<HmacKey> accepted) {
        keys = accepted.toArray(HmacKey[]::new);
        algorithms =
                accepted.stream().map(HmacKey::algorithm).distinct().sorted().toArray(JwsAlgorithm[]::new);
    }

    /** What is in a genuine token, and the place, from 0 on, of its key among those for its algorithm. */
    static final class Genuine {
        final byte[] payload;
        final int key;

        private Genuine(byte[] payload, int key) {
            this.payload = payload;
            this.key = key;
        }
    }

    /** Returns what is in a token, if it is genuine. */
    Genuine verify(String token) throws InvalidTokenException {
        if (token.length() > MAX_LENGTH) {
            throw new InvalidTokenException(
                    Reason.TOO_LARGE,
                    "the token has " + token.length() + " characters; at most " + MAX_LENGTH + " are accepted");
        }
        int firstDot = token.indexOf('.');
        int secondDot = token.indexOf('.', firstDot + 1);
        if (firstDot < 0 || secondDot < 0 || token.indexOf('.', secondDot + 1) >= 0) {
            throw InvalidTokenException.malformed("the token has not three parts with dots between them");
        }
        // A character outside ISO 8859-1 becomes '?', which base64url doesn't know either; but a pair of surrogates
        // becomes
        // one '?', and the dots would no longer be where they were found.
        byte[] bytes = token.getBytes(ISO_8859_1);
        if (bytes.length != token.length()) {
            throw InvalidTokenException.malformed("the token has characters that base64url doesn't know");
        }
        byte[] payload = Base64Url.decode("payload", bytes, firstDot + 1, secondDot);
        byte[] mac = Base64Url.decode("signature", bytes, secondDot + 1, bytes.length);
        JwsAlgorithm algorithm = algorithmOf(mac);
        // Nearly every token has the very header that we write ourselves, and nothing is left to ask of that one.
        boolean usual = token.startsWith(algorithm.encodedHeader())
                && algorithm.encodedHeader().length() == firstDot;
        byte[] header = usual ? NOTHING : Base64Url.decode("header", bytes, 0, firstDot);

        int key = requireGenuine(algorithm, bytes, secondDot, mac);
        if (!usual) {
            requireHeader(header, algorithm);
        }
        return new Genuine(payload, key);
    }

    private JwsAlgorithm algorithmOf(byte[] mac) throws InvalidTokenException {
        for (JwsAlgorithm algorithm : algorithms) {
            if (algorithm.macLength() == mac.length) {
                return algorithm;
            }
        }
        String accepted = Stream.of(algorithms)
                .map(algorithm -> algorithm + " with " + algorithm.macLength())
                .collect(Collectors.joining(", "));
        throw new InvalidTokenException(
                Reason.UNSUPPORTED_ALGORITHM, "the signature has " + mac.length + " bytes; accepted: " + accepted);
    }

    private int requireGenuine(JwsAlgorithm algorithm, byte[] token, int signedLength, byte[] mac)
            throws InvalidTokenException {
        int tried = 0;
        for (HmacKey key : keys) {
            if (key.algorithm() == algorithm) {
                if (MessageDigest.isEqual(key.mac(token, signedLength), mac)) {
                    return tried;
                }
                tried++;
            }
        }
        throw new InvalidTokenException(
                Reason.BAD_SIGNATURE,
                "the token was altered or signed with another client secret; secrets tried: " + tried);
    }

    private static void requireHeader(byte[] bytes, JwsAlgorithm used) throws InvalidTokenException {
        @Nullable String algorithm = null;
        @Nullable String type = null;
        boolean critical = false;
        JsonReader json = new JsonReader("header", bytes, HEADER_STRINGS);
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            switch (name) {
                case "alg" -> algorithm = json.nextString();
                case "typ" -> type = json.nextString();
                case "crit" -> {
                    critical = true;
                    json.skipValue();
                }
                // Keys that the token brings along or points to (jwk, jku, x5u, kid, ...) are not looked at.
                default -> json.skipValue();
            }
        }
        json.requireEnd();
        if (!used.name().equals(algorithm)) {
            throw new InvalidTokenException(
                    Reason.UNSUPPORTED_ALGORITHM,
                    "the header's alg is " + Text.shown(algorithm) + ", but the token is signed with " + used);
        }
        if (type != null && !type.equalsIgnoreCase("JWT")) {
            throw InvalidTokenException.malformed(
                    "the header's typ is " + Text.shown(type) + "; expected \"JWT\" or none");
        }
        if (critical) {
            throw new InvalidTokenException(
                    Reason.CRITICAL_HEADER, "the header has a crit member; no extension is understood here");
        }
    }
}
