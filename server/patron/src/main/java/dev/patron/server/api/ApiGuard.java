package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.endpoint.Problem.ResponseHeader;
import dev.patron.server.access.Access;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.Action;
import dev.patron.server.access.Principal;
import dev.patron.server.access.Resource;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.failure.DomainException;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.http.ProblemException;
import dev.patron.server.store.Store;
import dev.patron.server.store.Stores;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The one way into the API: says who acts, by the operator token or a personal access token, and lets them through to what
 * they may do. A cookie lets nobody in. Thread-safe.
 */
final class ApiGuard {

    /** Answers a request of somebody, and decides by {@link Access} what of it they may. */
    @FunctionalInterface
    interface PrincipalHandler {
        /** Answers. */
        void handle(Exchange exchange, Principal principal);
    }

    private interface StoreHandler {
        void handle(Exchange exchange, Principal principal, Store store);
    }

    private static final String SCHEME = "Bearer ";
    private static final Problem UNAUTHORIZED = new Problem(
            401,
            "unauthorized",
            "The access token is missing or does not work",
            "Send Authorization: Bearer with an access token that is neither expired nor revoked, or with the operator token:"
                    + " it is in the file " + OperatorToken.FILE + " of the server's data folder.",
            new ResponseHeader("WWW-Authenticate", "Bearer realm=\"patron\""));

    /** Nobody's but the operators': what does not exist is answered to everybody else as what is not theirs. */
    private static final Resource NO_STORE = new Resource.OneStore("", false);

    private static final Resource NO_APP = new Resource.OneApp(Optional.empty());

    private final OperatorToken operator;
    private final AccessTokens tokens;
    private final Apps apps;
    private final Stores stores;
    private final Idempotency idempotency;

    ApiGuard(OperatorToken operator, AccessTokens tokens, Apps apps, Stores stores, Idempotency idempotency) {
        this.idempotency = idempotency;
        this.operator = operator;
        this.tokens = tokens;
        this.apps = apps;
        this.stores = stores;
    }

    /** What a store is to {@link Access}. */
    static Resource target(Store store) {
        return new Resource.OneStore(store.hash(), store.openToDevelopers());
    }

    /** For whoever has a token; the handler decides the rest. */
    Handler anybody(PrincipalHandler handler) {
        return exchange -> {
            Principal principal = principal(exchange);
            idempotency.handle(exchange, principal, same -> handler.handle(same, principal));
        };
    }

    /** A handler for requests of people who may do this on the server. */
    Handler server(Action action, Handler handler) {
        return exchange -> {
            Principal principal = principal(exchange);
            Access.require(principal, action, Resource.SERVER);
            idempotency.handle(exchange, principal, handler);
        };
    }

    /** A handler for requests of people who may do this to the app in the path. Only its owner is read; the handler reads what else it needs. */
    Handler app(Action action, Handler handler) {
        return app(action, (exchange, _) -> handler.handle(exchange));
    }

    /** A handler for requests of people who may do this to the app in the path; it is given the app. */
    Handler withApp(Action action, BiConsumer<Exchange, App> handler) {
        return exchange -> {
            Principal principal = principal(exchange);
            App app = requireApp(principal, action, apps.find(exchange.segment(AppsApi.CLIENT_ID)));
            idempotency.handle(exchange, principal, same -> handler.accept(same, app));
        };
    }

    /** The same, given who asks, to decide what more they may do. */
    Handler app(Action action, PrincipalHandler handler) {
        return exchange -> {
            Principal principal = principal(exchange);
            requireOwned(principal, action, apps.owner(exchange.segment(AppsApi.CLIENT_ID)));
            idempotency.handle(exchange, principal, same -> handler.handle(same, principal));
        };
    }

    /** A handler for requests of people who may do this at the store in the path. */
    Handler store(Action action, Handler handler) {
        return store(action, (exchange, _) -> handler.handle(exchange));
    }

    /** The same, given who asks. */
    Handler store(Action action, PrincipalHandler handler) {
        return atStore(action, (exchange, principal, _) -> handler.handle(exchange, principal));
    }

    /** The same, given the store. */
    Handler withStore(Action action, BiConsumer<Exchange, Store> handler) {
        return atStore(action, (exchange, _, store) -> handler.accept(exchange, store));
    }

    private Handler atStore(Action action, StoreHandler handler) {
        return exchange -> {
            Principal principal = principal(exchange);
            Optional<Store> store = stores.find(exchange.segment(StoresApi.STORE_HASH));
            require(principal, action, store.map(ApiGuard::target), NO_STORE, StoresApi.UNKNOWN_STORE);
            idempotency.handle(exchange, principal, same -> handler.handle(same, principal, store.orElseThrow()));
        };
    }

    /**
     * The app that was found, for those who may do this to it.
     *
     * @throws ProblemException 404, the same for an app of somebody else as for none; 403
     */
    static App requireApp(Principal principal, Action action, Optional<App> found) {
        requireOwned(principal, action, found.map(app -> new Apps.Owner(app.ownerId())));
        return found.orElseThrow();
    }

    /** The same for whom an app belongs to, if there is one. */
    private static void requireOwned(Principal principal, Action action, Optional<Apps.Owner> owner) {
        require(principal, action, owner.map(app -> new Resource.OneApp(app.memberId())), NO_APP, AppsApi.NO_SUCH_APP);
    }

    private static void require(
            Principal principal,
            Action action,
            Optional<? extends Resource> target,
            Resource none,
            Problem noSuchObject) {
        try {
            Access.require(principal, action, target.isPresent() ? target.get() : none);
        } catch (DomainException refused) {
            // Somebody else's object is answered to the letter like one that does not exist.
            throw refused.kind() == DomainException.Kind.NOT_FOUND ? new ProblemException(noSuchObject) : refused;
        }
        if (target.isEmpty()) {
            throw new ProblemException(noSuchObject);
        }
    }

    private Principal principal(Exchange exchange) {
        String header = exchange.header("Authorization").orElse("");
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw new ProblemException(UNAUTHORIZED);
        }
        String token = header.substring(SCHEME.length()).strip();
        return operator.is(token)
                ? Principal.OPERATOR_TOKEN
                : tokens.principal(token).orElseThrow(() -> new ProblemException(UNAUTHORIZED));
    }
}
