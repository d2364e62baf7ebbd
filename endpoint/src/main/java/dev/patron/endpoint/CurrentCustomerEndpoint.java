package dev.patron.endpoint;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET|HEAD|POST /customer/current.jwt?app_client_id={client id}}, wire-compatible with the platform's Current Customer API. It
 * answers with the bare token as text, or with {@code {"token":"…"}} where {@code Accept} names {@code application/json}. Every error is
 * JSON.
 *
 * <p>Of two faults the earlier one is told: method, path, query, cross-site, client id, store, session, app, rate. The path is exact, so that
 * no cache takes a token for a file. A page of another origin is answered only where the store lets that origin ask for the app's tokens;
 * then it may read why there is none, too. Thread-safe.
 */
public final class CurrentCustomerEndpoint {

    /** The endpoint's path. */
    public static final String PATH = "/customer/current.jwt";

    private static final String PARAMETER = "app_client_id";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST");
    private static final String ALLOW = "GET, HEAD, POST";

    private final Storefront storefront;

    /**
     * The endpoint of a storefront.
     *
     * @param storefront what stands behind it
     */
    public CurrentCustomerEndpoint(Storefront storefront) {
        this.storefront = storefront;
    }

    /**
     * Answers a request.
     *
     * @param request the request
     * @return the answer; of one to a {@code HEAD}, only the body's length is to be sent
     */
    public EndpointAnswer answer(EndpointRequest request) {
        if (!METHODS.contains(request.method())) {
            return EndpointAnswer.of(Problem.methodNotAllowed(ALLOW));
        }
        String target = request.target();
        int end = target.indexOf('?');
        // A browser keeps the fragment to itself: what sends one means something else.
        if (!(end < 0 ? target : target.substring(0, end)).equals(PATH) || target.indexOf('#') >= 0) {
            return EndpointAnswer.of(Problem.NO_SUCH_PAGE);
        }
        try {
            return new Decision(request, FormFields.values(end < 0 ? "" : target.substring(end + 1), PARAMETER))
                    .answer();
        } catch (MalformedFieldsException malformed) {
            return EndpointAnswer.of(Problem.badRequest(malformed.detail()));
        }
    }

    /** Decides about one request. */
    private final class Decision {

        private final EndpointRequest request;
        private final List<String> clientIds;
        private final @Nullable String clientId;
        private final RequestOrigin origin;
        private boolean readableByOrigin;

        Decision(EndpointRequest request, List<String> clientIds) {
            this.request = request;
            this.clientIds = clientIds;
            this.clientId = clientIds.size() == 1 && ClientId.isWellFormed(clientIds.get(0)) ? clientIds.get(0) : null;
            this.origin = RequestOrigin.of(request::header);
        }

        EndpointAnswer answer() {
            EndpointAnswer answer;
            try {
                answer = answer(decide());
            } catch (UnavailableException unavailable) {
                storefront.unavailable(request, clientId, unavailable);
                answer = EndpointAnswer.of(Problem.UNAVAILABLE);
            }
            return readableByOrigin ? answer.readableBy(Objects.requireNonNull(origin.origin())) : answer;
        }

        private EndpointAnswer answer(Outcome outcome) {
            if (outcome instanceof Outcome.Refused refused) {
                if (!isHead()) {
                    storefront.refused(request, clientId, refused.problem());
                }
                return EndpointAnswer.of(refused.problem());
            }
            String token = ((Outcome.Issued) outcome).token();
            return Accept.wantsJson(request.header("Accept")) ? EndpointAnswer.json(token) : EndpointAnswer.text(token);
        }

        private boolean isHead() {
            return request.method().equals("HEAD");
        }

        private Outcome decide() {
            if (origin.origin() == null) {
                return decideWithoutOrigin();
            }
            boolean foreign = origin.isForeign(request.authority());
            if (foreign && clientId == null) {
                // Another origin may ask for an app's tokens only, so for none without an app.
                return new Outcome.Refused(Problem.CROSS_SITE);
            }
            Storefront.LookUp found = storefront.lookUp(request, clientId, origin.origin());
            boolean own = !foreign && hasSchemeOf(found);
            if (own ? origin.isCrossSite() : !found.originMayAsk()) {
                return new Outcome.Refused(Problem.CROSS_SITE);
            }
            readableByOrigin = !own;
            return clientId == null ? refusedClientId() : Outcome.of(found, isHead());
        }

        private Outcome decideWithoutOrigin() {
            if (origin.isCrossSite()) {
                return new Outcome.Refused(Problem.CROSS_SITE);
            }
            return clientId == null
                    ? refusedClientId()
                    : Outcome.of(storefront.lookUp(request, clientId, null), isHead());
        }

        /** Where there is no store, no page can be another one's. */
        private boolean hasSchemeOf(Storefront.LookUp found) {
            return !found.isStoreKnown() || !origin.hasOtherScheme(found.scheme());
        }

        private Outcome refusedClientId() {
            boolean missing = clientIds.isEmpty() || clientIds.equals(List.of(""));
            return new Outcome.Refused(missing ? Problem.MISSING_CLIENT_ID : Problem.MALFORMED_CLIENT_ID);
        }
    }
}
