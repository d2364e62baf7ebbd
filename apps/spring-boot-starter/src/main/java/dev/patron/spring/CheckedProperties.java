package dev.patron.spring;

import dev.patron.token.CurrentCustomerVerifier;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.pattern.PathPatternParser;
import org.springframework.web.util.pattern.PatternParseException;

/** Says of the properties what is wrong with them, and makes the verifier of them. */
final class CheckedProperties {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int MIN_SECRET_LENGTH = 32;
    private static final int MAX_SECRETS = 10;
    private static final Duration MAX_AGE = Duration.ofMinutes(15);
    private static final Duration MAX_SESSION = Duration.ofDays(30);

    private CheckedProperties() {}

    static CurrentCustomerVerifier verifier(PatronProperties properties, InstantSource clock) {
        check(properties);
        CurrentCustomerVerifier.Builder builder = CurrentCustomerVerifier.builder(
                        required(properties.clientId()), properties.clientSecrets())
                .clockSkew(properties.clockSkew())
                .algorithms(properties.algorithms())
                .clock(clock);
        Set<String> stores = Set.copyOf(properties.stores());
        if (stores.contains(PatronProperties.ANY_STORE)) {
            builder.allowAnyStore();
        } else if (stores.size() == 1) {
            builder.expectStore(properties.stores().get(0));
        } else {
            builder.expectStores(stores::contains);
        }
        if (properties.allowShortSecret()) {
            builder.allowShortSecret();
        }
        if (properties.acceptUntilExpiry()) {
            builder.acceptUntilExpiry();
        } else if (properties.maxAge() != null) {
            builder.maxAge(properties.maxAge());
        }
        return builder.build();
    }

    /** What reports to a console, which has been named. */
    static VerificationReports reports(PatronProperties properties, InstantSource clock) {
        PatronProperties.Report report = properties.report();
        String accessToken = report.accessToken();
        if (accessToken == null || !accessToken.matches("[!-~]+")) {
            throw wrong(
                    "report.access-token",
                    "It is missing, or has characters that no access token has.",
                    "Make a personal access token with the scope apps:report on the console's account page.");
        }
        checkSecrets(properties);
        return new VerificationReports(
                console(String.valueOf(report.console())),
                accessToken,
                required(properties.clientId()),
                properties.clientSecrets(),
                clock);
    }

    /** The access token goes there: by https, or not beyond this machine. */
    private static URI console(String origin) {
        URI address = exactOrigin(origin)
                .orElseThrow(() -> wrong(
                        "report.console",
                        "It is not an origin.",
                        "Write scheme, host and port of Patron's console, such as https://console.example."));
        if (!address.getScheme().equals("https") && !LOOPBACK.contains(address.getHost())) {
            throw wrong(
                    "report.console",
                    "It is not https, and the access token would be sent in the clear.",
                    "Use https; http is for localhost.");
        }
        return address;
    }

    private static void check(PatronProperties properties) {
        required(properties.clientId());
        checkSecrets(properties);
        checkStores(properties.stores());
        Duration maxAge = properties.maxAge();
        if (maxAge != null && (maxAge.isNegative() || maxAge.isZero() || maxAge.compareTo(MAX_AGE) > 0)) {
            throw wrong(
                    "max-age",
                    "It is not more than 0 and at most 15 minutes.",
                    "Leave it out for 30 s, or give a time such as 30s.");
        }
        if (maxAge != null && properties.acceptUntilExpiry()) {
            throw wrong(
                    "max-age", "It says nothing where patron.accept-until-expiry is true.", "Remove one of the two.");
        }
        if (properties.clockSkew().isNegative()
                || properties.clockSkew().compareTo(CurrentCustomerVerifier.Builder.MAX_CLOCK_SKEW) > 0) {
            throw wrong("clock-skew", "It is not between 0 and 5 minutes.", "Leave it out for 5 s.");
        }
        if (properties.algorithms().isEmpty()) {
            throw wrong("algorithms", "There is none.", "Leave it out for HS256 and HS512.");
        }
        properties.allowedOrigins().forEach(CheckedProperties::checkOrigin);
        properties.paths().forEach(CheckedProperties::checkPath);
        if (properties.bodyField().isBlank()) {
            throw wrong("body-field", "It is empty.", "Leave it out for token.");
        }
        checkSession(properties.session());
        if (properties.replay().maxTokens() < 1) {
            throw wrong("replay.max-tokens", "It is less than 1.", "Leave it out for a million.");
        }
        if (properties.report().console() == null && properties.report().accessToken() != null) {
            throw wrong(
                    "report.console",
                    "It is missing, and patron.report.access-token is there.",
                    "Set it to the origin of Patron's console, or remove the access token.");
        }
    }

    private static String required(@Nullable String clientId) {
        if (clientId == null || clientId.isBlank()) {
            throw wrong(
                    "client-id", "It is missing.", "Set it to your app's client id, which the developer portal shows.");
        }
        return clientId;
    }

    private static void checkSecrets(PatronProperties properties) {
        List<String> secrets = properties.clientSecrets();
        if (secrets.isEmpty() || secrets.size() > MAX_SECRETS) {
            throw wrong(
                    "client-secrets",
                    "There are " + secrets.size() + "; expected 1 to " + MAX_SECRETS + ".",
                    "Set it to your app's client secret, from the environment or a secret store rather than from a file.");
        }
        for (int i = 0; i < secrets.size(); i++) {
            if (secrets.get(i).isBlank()) {
                throw wrong("client-secrets[" + i + "]", "It is empty.", "Set it to the client secret, or remove it.");
            }
            if (secrets.get(i).length() < MIN_SECRET_LENGTH && !properties.allowShortSecret()) {
                throw wrong(
                        "client-secrets[" + i + "]",
                        "It has fewer than " + MIN_SECRET_LENGTH + " characters.",
                        "If the platform gave you so short a secret, set patron.allow-short-secret to true.");
            }
        }
    }

    private static void checkStores(List<String> stores) {
        if (stores.isEmpty() || stores.stream().anyMatch(String::isBlank)) {
            throw wrong(
                    "stores",
                    "It names no store.",
                    "Set it to the hashes of the stores that your app serves, or to any if you compare customer.storeHash()"
                            + " yourself.");
        }
        if (stores.size() > 1 && stores.contains(PatronProperties.ANY_STORE)) {
            throw wrong("stores", "It has any beside other stores.", "Leave any alone, or remove it.");
        }
    }

    /** As browsers send it, so that the comparison is one of text. */
    private static void checkOrigin(String origin) {
        if (exactOrigin(origin).isEmpty()) {
            throw wrong(
                    "allowed-origins",
                    "One of them is not an exact origin.",
                    "Write each as the browser sends it: scheme, host in lower case, port if unusual, no path, no *, such as"
                            + " https://shop.example.");
        }
    }

    private static void checkPath(String pattern) {
        try {
            PathPatternParser.defaultInstance.parse(pattern);
        } catch (PatternParseException malformed) {
            throw wrongPath();
        }
        if (!pattern.startsWith("/")) {
            throw wrongPath();
        }
    }

    private static InvalidPatronPropertyException wrongPath() {
        return wrong(
                "paths",
                "One of them is no pattern of paths.",
                "Write each as in a controller's mapping, from the root of the application on, such as /account/**.");
    }

    private static Optional<URI> exactOrigin(String origin) {
        try {
            URI address = URI.create(origin);
            boolean exact = ("https".equals(address.getScheme()) || "http".equals(address.getScheme()))
                    && address.getHost() != null
                    && origin.equals(address.getScheme() + "://" + address.getRawAuthority())
                    && address.getRawUserInfo() == null
                    && origin.equals(origin.toLowerCase(Locale.ROOT));
            return exact ? Optional.of(address) : Optional.empty();
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static void checkSession(PatronProperties.Session session) {
        Duration lifetime = session.lifetime();
        if (lifetime != null && (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(MAX_SESSION) > 0)) {
            throw wrong("session.lifetime", "It is not between 0 and 30 days.", "Leave it out to end with the token.");
        }
        if (session.maxSessions() < 1) {
            throw wrong("session.max-sessions", "It is less than 1.", "Leave it out for 100000.");
        }
        if (!session.cookieSecure() && session.cookieName().startsWith("__")) {
            throw wrong(
                    "session.cookie-name",
                    "Browsers take a name with this beginning from https only.",
                    "Give another name while patron.session.cookie-secure is false.");
        }
    }

    private static InvalidPatronPropertyException wrong(String property, String fault, String cure) {
        return new InvalidPatronPropertyException("patron." + property, fault, cure);
    }
}
