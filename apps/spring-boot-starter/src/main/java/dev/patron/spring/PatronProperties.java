package dev.patron.spring;

import dev.patron.token.JwsAlgorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the app says of itself. Wrong values stop the start with the property's name and what to do.
 *
 * @param clientId the app's client id; required
 * @param clientSecrets the app's client secrets, the newest first: 1 to 10, several while one is being replaced; required
 * @param stores the store hashes whose customers are accepted, or {@code any}; required
 * @param maxAge how long ago a token may have been issued
 * @param acceptUntilExpiry accepts tokens until they expire, however old: for the hosted platform, which sends the same token for
 *     15 minutes; excludes {@code max-age}
 * @param clockSkew by how much the clocks may differ, 0 to 5 minutes
 * @param algorithms the algorithms that are accepted
 * @param allowShortSecret accepts secrets of fewer than 32 characters, as the platform has handed out
 * @param allowedOrigins the origins of the stores' pages, such as {@code https://shop.example}: only they may call from a browser
 * @param paths patterns such as {@code /account/**} of paths that are for a customer although no controller with a customer among its
 *     parameters answers there; what else is configured here counts there, too, and nowhere else
 * @param bodyField the field of a posted form that may have the token, where there is no {@code Authorization} header
 * @param clientSecretChangedAt when the newest secret was made, for the health endpoint to tell its age
 * @param session the app's own sessions
 * @param replay whether a token is taken once only
 * @param report where to tell which client secret tokens are signed with
 */
@ConfigurationProperties("patron")
public record PatronProperties(
        @Nullable String clientId,
        @DefaultValue List<String> clientSecrets,
        @DefaultValue List<String> stores,
        @Nullable Duration maxAge,
        @DefaultValue("false") boolean acceptUntilExpiry,
        @DefaultValue("5s") Duration clockSkew,
        @DefaultValue({"HS256", "HS512"}) Set<JwsAlgorithm> algorithms,
        @DefaultValue("false") boolean allowShortSecret,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue List<String> paths,
        @DefaultValue("token") String bodyField,
        @Nullable Instant clientSecretChangedAt,
        @DefaultValue Session session,
        @DefaultValue Replay replay,
        @DefaultValue Report report) {

    /** The stores property that accepts customers of all stores. */
    public static final String ANY_STORE = "any";

    /** Copies the collections. */
    public PatronProperties {
        clientSecrets = List.copyOf(clientSecrets);
        stores = List.copyOf(stores);
        algorithms = algorithms.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(algorithms));
        allowedOrigins = List.copyOf(allowedOrigins);
        paths = List.copyOf(paths);
    }

    /**
     * The app's own sessions, which a verified customer may be given, so that one token is presented once.
     *
     * @param enabled whether requests may present such a session instead of a token
     * @param kind how it is presented
     * @param lifetime how long it lasts; without one it ends with the token
     * @param cookieName the cookie's name
     * @param cookieSecure whether the cookie is for https only; without it the name must not begin with {@code __Host-}
     * @param maxSessions how many there are at most; the oldest ones end first
     */
    public record Session(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("BEARER") Kind kind,
            @Nullable Duration lifetime,
            @DefaultValue("__Host-patron-session") String cookieName,
            @DefaultValue("true") boolean cookieSecure,
            @DefaultValue("100000") int maxSessions) {

        /** How a session is presented. */
        public enum Kind {
            /** As {@code Authorization: Bearer}. */
            BEARER,
            /** As an {@code HttpOnly} cookie. */
            COOKIE
        }
    }

    /**
     * Whether a token is taken once only.
     *
     * @param mode where it is noted which tokens were seen
     * @param maxTokens how many are noted in memory; when they are that many, further tokens are refused until some expire
     */
    public record Replay(
            @DefaultValue("OFF") Mode mode,
            @DefaultValue("1000000") int maxTokens) {

        /** Where it is noted which tokens were seen. */
        public enum Mode {
            /** Nowhere: a token may be presented again while it is fresh. */
            OFF,
            /** In this process: for apps that run once. */
            MEMORY,
            /** In Redis or Valkey, by Spring Data: for apps that run several times. */
            REDIS
        }
    }

    /**
     * Where to tell which client secret tokens are signed with, so that the developer portal shows when each was last verified.
     *
     * @param console the origin of Patron's console, such as {@code https://console.example}; nothing is told without
     * @param accessToken a personal access token with the scope {@code apps:report}
     */
    public record Report(@Nullable String console, @Nullable String accessToken) {

        /** Not the access token. */
        @Override
        public String toString() {
            return "Report[console=" + console + "]";
        }
    }

    /** Everything but the secrets. */
    @Override
    public String toString() {
        return "PatronProperties[clientId=" + clientId + ", clientSecrets=" + clientSecrets.size() + ", stores="
                + stores + "]";
    }
}
