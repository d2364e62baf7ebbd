package dev.patron.server.login;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patron.endpoint.ClientId;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.app.OpenedSecret;
import dev.patron.server.app.Rotation;
import dev.patron.server.customer.Customers;
import dev.patron.server.login.LoginOutcome.Refused;
import dev.patron.server.login.LoginOutcome.SignOut;
import dev.patron.server.login.LoginOutcome.SignedIn;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.UniqueKey;
import dev.patron.server.sql.UniqueViolationException;
import dev.patron.token.ClientSecret;
import dev.patron.token.CustomerLogin;
import dev.patron.token.CustomerLoginClaims;
import dev.patron.token.CustomerLoginVerifier;
import dev.patron.token.InvalidTokenException;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Lets apps sign customers in by login tokens. Whoever may do that may become any customer of the store, so no app may
 * until the store permits it. Each token works once: that it was used is written in the transaction that begins the session.
 * Thread-safe.
 */
public final class CustomerLogins {

    /** How long a used token is remembered; it is too old after 35 seconds, on a clock that is right. */
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final long ONLY_CHANNEL = 1;
    private static final UniqueKey TOKEN_ONCE = UniqueKey.primary("used_login_token", "client_id", "jwt_id_hash");

    private final Database database;
    private final Apps apps;
    private final Rotation rotation;
    private final Customers customers;
    private final InstantSource clock;

    /** Logins at the stores of a database. */
    public CustomerLogins(Database database, Apps apps, Rotation rotation, Customers customers, InstantSource clock) {
        this.database = database;
        this.apps = apps;
        this.rotation = rotation;
        this.customers = customers;
        this.clock = clock;
    }

    /**
     * Permits an app to sign customers in at a store. It has to be allowed there as well.
     *
     * @return whether both exist
     */
    public boolean permit(String storeHash, String clientId) {
        return database.transaction(handle -> permit(handle, storeHash, clientId));
    }

    /** Permits an app to sign customers in at a store, as part of the transaction that gives the reason. */
    public boolean permit(Handle transaction, String storeHash, String clientId) {
        forbid(transaction, storeHash, clientId);
        return transaction.execute(
                        "insert into login_permission (client_id, store_hash, permitted_at)"
                                + " select a.client_id, s.store_hash, ? from app a cross join store s"
                                + " where a.client_id = ? and s.store_hash = ?",
                        Database.moment(clock.instant()),
                        clientId,
                        storeHash)
                == 1;
    }

    /** Takes the permission back. Sessions that have begun go on. */
    public void forbid(String storeHash, String clientId) {
        database.transaction(handle -> {
            forbid(handle, storeHash, clientId);
            return true;
        });
    }

    /** Takes the permission back, as part of the transaction that gives the reason. */
    public void forbid(Handle transaction, String storeHash, String clientId) {
        // Locked first, so that two changes follow each other.
        transaction.execute("update app set revision = revision + 1 where client_id = ?", clientId);
        transaction.execute("delete from login_permission where client_id = ? and store_hash = ?", clientId, storeHash);
    }

    /** The client ids of the apps that may sign customers in at a store. */
    public Set<String> permitted(String storeHash) {
        return database.with(handle ->
                new HashSet<>(handle.createQuery("select client_id from login_permission where store_hash = ?")
                        .bind(0, storeHash)
                        .mapTo(String.class)
                        .list()));
    }

    /** Forgets used tokens that nobody would take any more, and says how many. */
    public int sweep() {
        return database.transaction(handle ->
                handle.execute("delete from used_login_token where forget_at <= ?", Database.moment(clock.instant())));
    }

    /** Signs the customer in for whom a token was made, if all is well, and makes the token useless. */
    public LoginOutcome signIn(String storeHash, String token, SessionOrigin from) {
        Optional<String> clientId = CustomerLoginVerifier.claimedClientId(token).filter(ClientId::isWellFormed);
        Optional<App> app = clientId.flatMap(apps::find);
        List<ClientSecret> secrets = app.map(rotation::open).orElse(List.of()).stream()
                .map(OpenedSecret::value)
                .toList();
        if (app.isEmpty() || secrets.isEmpty()) {
            return new Refused(clientId, "login_unknown_app");
        }
        CustomerLogin login;
        try {
            login = CustomerLoginVerifier.create(app.get().clientId(), secrets, storeHash, clock)
                    .verify(token);
        } catch (InvalidTokenException invalid) {
            return new Refused(clientId, "login_" + invalid.reason().id());
        }
        if (!login.requestIp().map(address -> isThis(address, from.address())).orElse(true)) {
            return new Refused(clientId, "login_other_address");
        }
        if (login.channelId().orElse(ONLY_CHANNEL) != ONLY_CHANNEL) {
            return new Refused(clientId, "login_unknown_channel");
        }
        try {
            return signIn(login, from);
        } catch (UniqueViolationException violation) {
            if (violation.isOf(TOKEN_ONCE)) {
                return new Refused(clientId, "login_used");
            }
            throw violation;
        }
    }

    private LoginOutcome signIn(CustomerLogin login, SessionOrigin from) {
        if (login.redirectTo().equals(Optional.of(CustomerLoginClaims.SIGN_OUT))) {
            return database.transaction(handle ->
                    use(handle, login).<LoginOutcome>map(refused -> refused).orElseGet(SignOut::new));
        }
        return customers.signIn(login.storeHash(), login.customerId(), from, (handle, signIn) -> {
            Optional<Refused> refused = use(handle, login);
            return refused.isPresent()
                    ? refused.get()
                    : signIn.get()
                            .<LoginOutcome>map(signedIn -> new SignedIn(
                                    signedIn.session(),
                                    RedirectTarget.orDefault(login.redirectTo().orElse(""))))
                            .orElseGet(() -> new Refused(Optional.of(login.clientId()), "login_unknown_customer"));
        });
    }

    /** Makes a token useless, if the store permits its app to sign customers in; why not, else. */
    private Optional<Refused> use(Handle transaction, CustomerLogin login) {
        Optional<String> clientId = Optional.of(login.clientId());
        Optional<Boolean> permitted = transaction
                .createQuery("select p.client_id is not null from app a"
                        + " left join login_permission p on p.client_id = a.client_id and p.store_hash = :store"
                        + " left join app_store s on s.client_id = a.client_id and s.store_hash = :store"
                        + " where a.client_id = :client and not a.disabled and not a.blocked"
                        + " and coalesce(s.allowed, a.every_store)")
                .bind("store", login.storeHash())
                .bind("client", login.clientId())
                .mapTo(Boolean.class)
                .findOne();
        if (permitted.isEmpty()) {
            return Optional.of(new Refused(clientId, "login_app_not_allowed"));
        }
        if (!permitted.get()) {
            return Optional.of(new Refused(clientId, "login_not_permitted"));
        }
        transaction.execute(
                "insert into used_login_token (client_id, jwt_id_hash, forget_at) values (?, ?, ?)",
                login.clientId(),
                sha256(login.jwtId()),
                Database.moment(clock.instant().plus(REMEMBERED)));
        return Optional.empty();
    }

    /** Whether a text is a network address, and this one. Never asks a name server. */
    private static boolean isThis(String text, InetAddress address) {
        try {
            return InetAddress.ofLiteral(text).equals(address);
        } catch (IllegalArgumentException noAddress) {
            return false;
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
