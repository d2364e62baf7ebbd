package dev.patron.server.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.patron.server.secret.SecretHash;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A session in Valkey: one JSON object. {@link #toString()} tells nothing of it.
 *
 * @param hash of the session id, all 256 bits, in base64url
 * @param generation the customer's generation of sessions that it is of; it is over when they have a later one
 * @param beganAt in microseconds of the Unix epoch, as {@code lastSeenAt} is
 */
record ValkeySession(
        @JsonProperty("hash") String hash,
        @JsonProperty("customer_key") long customerKey,
        @JsonProperty("generation") long generation,
        @JsonProperty("store_hash") String storeHash,
        @JsonProperty("began_at") long beganAt,
        @JsonProperty("last_seen_at") long lastSeenAt,
        @JsonProperty("address") String address,
        @JsonProperty("browser") String browser) {

    /** A node of the next version may have written more than this one knows. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    static ValkeySession begun(
            SecretHash hash, long customerKey, long generation, String storeHash, SessionOrigin origin, Instant now) {
        return new ValkeySession(
                text(hash),
                customerKey,
                generation,
                storeHash,
                micros(now),
                micros(now),
                origin.address().getHostAddress(),
                origin.browser());
    }

    /** Reads a session; empty when the bytes are not one. */
    static Optional<ValkeySession> read(byte @Nullable [] json) {
        if (json == null) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(MAPPER.<@Nullable ValkeySession>readValue(json, ValkeySession.class));
        } catch (JacksonException other) {
            return Optional.empty();
        }
    }

    byte[] write() {
        return MAPPER.writeValueAsBytes(this);
    }

    boolean is(SecretHash id) {
        return MessageDigest.isEqual(hash.getBytes(US_ASCII), text(id).getBytes(US_ASCII));
    }

    ValkeySession seen(Instant now) {
        return new ValkeySession(
                hash, customerKey, generation, storeHash, beganAt, Math.max(lastSeenAt, micros(now)), address, browser);
    }

    Instant began() {
        return instant(beganAt);
    }

    Instant lastSeen() {
        return instant(lastSeenAt);
    }

    /** How long it may be kept from now on, if nobody sees it; at least a moment. */
    Duration rest(SessionLimits limits, Instant now) {
        Duration absolute = Duration.between(now, began().plus(limits.absolute()));
        Duration idle = Duration.between(now, lastSeen().plus(limits.idle()));
        Duration rest = absolute.compareTo(idle) < 0 ? absolute : idle;
        return rest.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : rest;
    }

    private static String text(SecretHash hash) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash.toBytes());
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    @Override
    public String toString() {
        return "KeptSession[***]";
    }
}
