package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import dev.patron.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides which customer a request is from. Thread-safe. */
final class CustomerAuthenticator {

    /** Three parts of base64url, the first of which begins a JSON object: that is a JWT, whatever the parameter's name. */
    private static final Pattern TOKEN_IN_URL =
            Pattern.compile("(^|[^A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*");

    private final CurrentCustomerVerifier verifier;
    private final PatronProperties properties;
    private final @Nullable CustomerSessions sessions;
    private final @Nullable ReplayGuard replayGuard;
    private final List<TokenObserver> observers;

    CustomerAuthenticator(
            CurrentCustomerVerifier verifier,
            PatronProperties properties,
            @Nullable CustomerSessions sessions,
            @Nullable ReplayGuard replayGuard,
            List<TokenObserver> observers) {
        this.verifier = verifier;
        this.properties = properties;
        this.sessions = sessions;
        this.replayGuard = replayGuard;
        this.observers = List.copyOf(observers);
    }

    /**
     * The customer, or nobody when the request presents nothing.
     *
     * @throws CustomerRefusedException when it presents something that is not accepted
     */
    Optional<CurrentCustomer> find(Presented presented) {
        try {
            return decide(presented);
        } catch (CustomerRefusedException refused) {
            observers.forEach(observer -> observer.refused(refused.id()));
            throw refused;
        }
    }

    /** What to answer whoever presents nothing where a customer is needed. */
    CustomerRefusedException nothingPresented() {
        CustomerRefusedException refused = new CustomerRefusedException(
                401, "no_token", "Send the customer's token: Authorization: Bearer and the token.");
        observers.forEach(observer -> observer.refused(refused.id()));
        return refused;
    }

    private Optional<CurrentCustomer> decide(Presented presented) {
        if (hasToken(presented.rawQuery()) || hasToken(presented.rawPath()) || fieldIsInUrl(presented)) {
            throw new CustomerRefusedException(
                    400,
                    "token_in_url",
                    "Addresses are logged and shared: send the token in the Authorization header or in a posted form.");
        }
        List<String> tokens = presented.tokens();
        if (tokens.size() > 1) {
            throw new CustomerRefusedException(400, "ambiguous_token", "Send one token.");
        }
        if (!tokens.isEmpty()) {
            return Optional.of(accepted(tokens.get(0)));
        }
        if (!presented.authorization().isEmpty() || sessions == null || !isCookie()) {
            return Optional.empty();
        }
        return presented.sessionCookie().map(id -> ofSession(sessions, id));
    }

    private static boolean hasToken(String raw) {
        return TOKEN_IN_URL.matcher(raw).find()
                || TOKEN_IN_URL.matcher(DecodedAddress.decode(raw)).find();
    }

    /** Whether it cannot be told that a field stands in the body alone: servlet containers mix both up. */
    private boolean fieldIsInUrl(Presented presented) {
        return presented.authorization().isEmpty()
                && !presented.bodyFields().isEmpty()
                && DecodedAddress.hasParameter(presented.rawQuery(), properties.bodyField());
    }

    private boolean isCookie() {
        return properties.session().kind() == PatronProperties.Session.Kind.COOKIE;
    }

    private CurrentCustomer accepted(String token) {
        if (sessions != null && !isCookie() && token.indexOf('.') < 0) {
            return ofSession(sessions, token);
        }
        CurrentCustomer customer;
        try {
            customer = verifier.verify(token);
        } catch (InvalidTokenException refused) {
            throw new CustomerRefusedException(401, refused.reason().id(), advice(refused.reason()));
        }
        guard(token, customer);
        observers.forEach(observer -> observer.accepted(customer));
        return customer;
    }

    private static CurrentCustomer ofSession(CustomerSessions sessions, String id) {
        return sessions.find(id)
                .orElseThrow(() -> new CustomerRefusedException(
                        401, "session_ended", "The session has ended: send a fresh token of the customer."));
    }

    private void guard(String token, CurrentCustomer customer) {
        if (replayGuard == null) {
            return;
        }
        // Not by the whole text: its base64url is strict, so that the last part is as good, and shorter.
        String name = customer.jwtId().orElseGet(() -> token.substring(token.lastIndexOf('.') + 1));
        String key = Fingerprint.of(customer.clientId() + "\n" + customer.storeHash() + "\n"
                + (customer.jwtId().isPresent() ? "jti" : "mac") + "\n" + name);
        boolean first;
        try {
            first = replayGuard.isFirstUse(key, refusedFrom(customer));
        } catch (RuntimeException cannotTell) {
            throw new CustomerRefusedException(
                    503, "unavailable", "It cannot be told now whether the token was used before: try again soon.");
        }
        if (!first) {
            throw new CustomerRefusedException(
                    401, "replayed", "The token was used before: ask the store for a fresh one.");
        }
    }

    /** When the verifier would refuse it for its age in any case. */
    private Instant refusedFrom(CurrentCustomer customer) {
        Duration maxAge = properties.maxAge();
        Instant tooOld = properties.acceptUntilExpiry()
                ? customer.expiresAt()
                : customer.issuedAt().plus(maxAge == null ? CurrentCustomerVerifier.Builder.DEFAULT_MAX_AGE : maxAge);
        Instant earlier = tooOld.isBefore(customer.expiresAt()) ? tooOld : customer.expiresAt();
        return earlier.plus(properties.clockSkew()).plusSeconds(1);
    }

    /** For the sender: what helps an honest one, and tells a forger nothing. */
    private static String advice(Reason reason) {
        return switch (reason) {
            case TOO_OLD, EXPIRED -> "The token is too old: ask the store for a fresh one.";
            case ISSUED_IN_THE_FUTURE, NOT_YET_VALID ->
                "The token is not valid yet: the clocks of the store and of the" + " app differ.";
            default -> "The token is not accepted by this app.";
        };
    }
}
