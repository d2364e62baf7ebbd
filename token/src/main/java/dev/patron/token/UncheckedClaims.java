package dev.patron.token;

import static dev.patron.token.JsonReader.Kind.NUMBER;
import static dev.patron.token.JsonReader.Kind.OBJECT;
import static dev.patron.token.JsonReader.Kind.STRING;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a genuine token claims, read but not yet compared with what is expected. Unknown claims are passed over.
 *
 * <p>{@link #ABSENT} stands for a number that is not there.
 */
final class UncheckedClaims {
    static final long ABSENT = Long.MIN_VALUE;

    List<String> audiences = List.of();

    @Nullable
    String issuer;

    @Nullable
    String subject;

    @Nullable
    String storeHash;

    @Nullable
    String operation;

    @Nullable
    String jwtId;

    long version = ABSENT;
    long issuedAt = ABSENT;
    long expiresAt = ABSENT;
    long notBefore = ABSENT;
    long channelId = ABSENT;

    long customerId = ABSENT;

    @Nullable
    String email;

    long groupId = ABSENT;

    private UncheckedClaims() {}

    static UncheckedClaims read(byte[] payload, KnownStrings knownStrings) throws InvalidTokenException {
        UncheckedClaims claims = new UncheckedClaims();
        JsonReader json = new JsonReader("payload", payload, knownStrings);
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            switch (name) {
                case "customer" -> claims.readCustomer(json);
                case "iss" -> claims.issuer = json.nextString();
                case "sub" -> claims.subject = json.nextString();
                case "iat" -> claims.issuedAt = readTime(json, name);
                case "exp" -> claims.expiresAt = readTime(json, name);
                case "nbf" -> claims.notBefore = readTime(json, name);
                case "version" -> claims.version = json.nextLong();
                case "aud" -> claims.audiences = readAudiences(json);
                case "store_hash" -> claims.storeHash = json.nextString();
                case "operation" -> claims.operation = json.nextString();
                case "jti" -> claims.jwtId = json.nextString();
                case "channel_id" -> claims.channelId = readChannelId(json);
                default -> json.skipValue();
            }
        }
        json.requireEnd();
        requirePresent("iat", claims.issuedAt);
        requirePresent("exp", claims.expiresAt);
        return claims;
    }

    /** Keeps what can be used of the customer; whether it is enough is asked later. */
    private void readCustomer(JsonReader json) throws InvalidTokenException {
        if (json.peek() != OBJECT) {
            json.skipValue();
            return;
        }
        json.beginObject();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            JsonReader.Kind kind = json.peek();
            switch (name) {
                case "id" -> customerId = kind == NUMBER ? json.nextLong() : unusable(json);
                case "group_id" -> groupId = kind == NUMBER ? json.nextLong() : readGroupId(json, kind);
                case "email" -> {
                    if (kind == STRING) {
                        email = json.nextString();
                    } else {
                        json.skipValue();
                    }
                }
                default -> json.skipValue();
            }
        }
    }

    private static long readGroupId(JsonReader json, JsonReader.Kind kind) throws InvalidTokenException {
        if (kind != STRING) {
            return unusable(json);
        }
        String text = json.nextString();
        return CurrentCustomerClaims.isGroupId(text) ? Long.parseLong(text) : ABSENT;
    }

    static long unusable(JsonReader json) throws InvalidTokenException {
        json.skipValue();
        return ABSENT;
    }

    private static List<String> readAudiences(JsonReader json) throws InvalidTokenException {
        if (json.peek() == STRING) {
            return List.of(json.nextString());
        }
        List<String> audiences = new ArrayList<>();
        json.beginArray();
        while (json.nextElement()) {
            audiences.add(json.nextString());
        }
        return audiences;
    }

    /** Seconds since 1970; the bounds keep every sum with a duration within what an Instant can hold. */
    static long readTime(JsonReader json, String name) throws InvalidTokenException {
        long second = json.nextLong();
        if (second < 0 || second > CurrentCustomerClaims.LATEST_SECOND) {
            throw InvalidTokenException.malformed(
                    "the claim " + name + " is " + second + "; expected a time from 1970 to 9999, in seconds");
        }
        return second;
    }

    static long readChannelId(JsonReader json) throws InvalidTokenException {
        long channelId = json.nextLong();
        if (channelId < 1) {
            throw InvalidTokenException.malformed("the claim channel_id is " + channelId + "; expected 1 or more");
        }
        return channelId;
    }

    static void requirePresent(String name, long value) throws InvalidTokenException {
        if (value == ABSENT) {
            throw InvalidTokenException.malformed("the claim " + name + " is missing");
        }
    }
}
