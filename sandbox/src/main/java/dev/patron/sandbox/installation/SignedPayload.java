package dev.patron.sandbox.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patron.sandbox.installation.Users.User;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.app.OpenedSecret;
import dev.patron.server.app.Rotation;
import dev.patron.server.http.Json;
import dev.patron.token.ClientSecret;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells an app who opens it, or who was removed, in both forms that the platform has: {@code signed_payload_jwt}, and the older
 * {@code signed_payload}. Signed with the secret that signs now. Thread-safe.
 */
final class SignedPayload {

    private static final Duration VALIDITY = Duration.ofHours(24);
    private static final String MAC = "HmacSHA256";
    private static final int MILLIS_DIGITS = 3;

    private final Apps apps;
    private final Rotation rotation;
    private final Users users;
    private final InstantSource clock;

    SignedPayload(Apps apps, Rotation rotation, Users users, InstantSource clock) {
        this.apps = apps;
        this.rotation = rotation;
        this.users = users;
        this.clock = clock;
    }

    /** The parameters of a callback's URL; empty when the app is gone. */
    Optional<String> parameters(String clientId, String storeHash, long memberId) {
        return apps.find(clientId).flatMap(this::signingSecret).map(secret -> {
            User user = users.find(memberId);
            User owner = users.owner(user);
            Instant now = clock.instant();
            return "signed_payload_jwt=" + encode(jwt(secret, clientId, storeHash, user, owner, now))
                    + "&signed_payload=" + encode(legacy(secret, storeHash, user, owner, now));
        });
    }

    private Optional<ClientSecret> signingSecret(App app) {
        long signing = app.signingSecret().id();
        return rotation.open(app).stream()
                .filter(secret -> secret.about().id() == signing)
                .map(OpenedSecret::value)
                .findFirst();
    }

    /** base64(json) "." base64(hex(HMAC-SHA256(json))), padded. */
    private static String legacy(ClientSecret secret, String storeHash, User user, User owner, Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("user", Map.of("id", user.id(), "email", user.email()));
        claims.put("owner", Map.of("id", owner.id(), "email", owner.email()));
        claims.put("context", context(storeHash));
        claims.put("store_hash", storeHash);
        claims.put("timestamp", BigDecimal.valueOf(now.toEpochMilli(), MILLIS_DIGITS));
        byte[] json = Json.write(claims);
        String hex = HexFormat.of().formatHex(mac(secret, json));
        Base64.Encoder base64 = Base64.getEncoder();
        return base64.encodeToString(json) + "." + base64.encodeToString(hex.getBytes(UTF_8));
    }

    private static String jwt(
            ClientSecret secret, String clientId, String storeHash, User user, User owner, Instant now) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("typ", "JWT");
        header.put("alg", "HS256");
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("id", user.id());
        about.put("email", user.email());
        about.put("locale", "en-US");
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", clientId);
        claims.put("iss", "bc");
        claims.put("iat", now.getEpochSecond());
        claims.put("nbf", now.getEpochSecond());
        claims.put("exp", now.plus(VALIDITY).getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("sub", context(storeHash));
        claims.put("user", about);
        claims.put("owner", Map.of("id", owner.id(), "email", owner.email()));
        claims.put("url", "/");
        claims.put("channel_id", null);
        Base64.Encoder base64url = Base64.getUrlEncoder().withoutPadding();
        String input =
                base64url.encodeToString(Json.write(header)) + "." + base64url.encodeToString(Json.write(claims));
        return input + "." + base64url.encodeToString(mac(secret, input.getBytes(UTF_8)));
    }

    static String context(String storeHash) {
        return "stores/" + storeHash;
    }

    /** The account of a store: the same whenever it is asked for. */
    static UUID account(String storeHash) {
        return UUID.nameUUIDFromBytes(("account of store " + storeHash).getBytes(UTF_8));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }

    private static byte[] mac(ClientSecret secret, byte[] text) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(secret.reveal().getBytes(UTF_8), MAC));
            return mac.doFinal(text);
        } catch (GeneralSecurityException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
