package dev.patron.sandbox.installation;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Codes that an app exchanges for an access token, once, within a minute (RFC 6749 section 4.1). One that is shown again takes
 * back what it gave. Thread-safe.
 */
final class AuthorizationCodes {

    private static final Duration VALIDITY = Duration.ofSeconds(60);

    /** For how long a used code is remembered beyond that. */
    private static final Duration REMEMBERED = Duration.ofDays(1);

    /**
     * What a member consented to.
     *
     * @param redirectUri where the code was sent
     */
    record Consent(String clientId, String storeHash, long memberId, String redirectUri, Set<StoreScope> scopes) {}

    /**
     * What an app says beside the code. It has proven to be the app.
     *
     * @param scopes empty when it says some that are not known
     */
    record Claim(String clientId, String context, String redirectUri, Optional<Set<StoreScope>> scopes) {}

    /** What came of a code. */
    sealed interface Exchange {

        /** An access token. */
        record Granted(BearerSecret token, Consent consent) implements Exchange {}

        /** None, and what is wrong. */
        record Refused(String error) implements Exchange {}
    }

    /** Codes of one app and store that are kept; the oldest is forgotten for the next one. */
    private static final int MOST_PER_INSTALLATION = 100;

    private record Found(Consent consent, Instant expiresAt, boolean used) {}

    private final Database database;
    private final Installations installations;
    private final InstantSource clock;

    AuthorizationCodes(Database database, Installations installations, InstantSource clock) {
        this.database = database;
        this.installations = installations;
        this.clock = clock;
    }

    /** What the app is told of a consent, as the query of its auth callback, with a new code. */
    String answer(Consent consent) {
        return "code=" + create(consent).reveal() + "&scope=" + SignedPayload.encode(StoreScope.text(consent.scopes()))
                + "&context=" + SignedPayload.encode(SignedPayload.context(consent.storeHash())) + "&account_uuid="
                + SignedPayload.account(consent.storeHash());
    }

    /** Makes a code. */
    BearerSecret create(Consent consent) {
        BearerSecret code = BearerSecret.create();
        Instant now = clock.instant();
        database.transaction(handle -> {
            handle.execute(
                    "delete from authorization_code where expires_at <= ?", Database.moment(now.minus(REMEMBERED)));
            handle.execute(
                    "insert into authorization_code (code_key, code_hash, client_id, store_hash, member_id,"
                            + " redirect_uri, scopes, expires_at, used) values (?, ?, ?, ?, ?, ?, ?, ?, false)",
                    code.hash().key(),
                    code.hash().toBytes(),
                    consent.clientId(),
                    consent.storeHash(),
                    consent.memberId(),
                    consent.redirectUri(),
                    StoreScope.text(consent.scopes()),
                    Database.moment(now.plus(VALIDITY)));
            return handle.execute(
                    "delete from authorization_code where code_key in (select code_key from authorization_code"
                            + " where client_id = ? and store_hash = ? and code_key <> ?"
                            + " order by expires_at desc, code_key offset " + (MOST_PER_INSTALLATION - 1) + " rows)",
                    consent.clientId(),
                    consent.storeHash(),
                    code.hash().key());
        });
        return code;
    }

    /** Exchanges a code for an access token, and installs the app by that. */
    Exchange exchange(String code, Claim claim) {
        Optional<BearerSecret> secret = BearerSecret.parse(code);
        return secret.isEmpty()
                ? new Exchange.Refused("Invalid code.")
                : database.transaction(handle -> exchange(handle, secret.get(), claim));
    }

    private Exchange exchange(Handle transaction, BearerSecret code, Claim claim) {
        Installations.lock(transaction, claim.clientId());
        Optional<Found> found = lock(transaction, code);
        if (found.isEmpty() || !found.get().consent().clientId().equals(claim.clientId())) {
            return new Exchange.Refused("Invalid code.");
        }
        if (found.get().used()) {
            // RFC 6749 section 4.1.2: whoever shows a code twice may have stolen it, or have had it stolen.
            installations.takeBack(transaction, found.get().consent(), code);
            return new Exchange.Refused("Invalid code. It was used before, and what it gave is taken back.");
        }
        Consent consent = found.get().consent();
        if (!clock.instant().isBefore(found.get().expiresAt())) {
            return new Exchange.Refused("Invalid code. It has expired.");
        }
        if (!consent.redirectUri().equals(claim.redirectUri())) {
            return new Exchange.Refused("Invalid redirect uri. It has to be the one that the code was sent to.");
        }
        if (!claim.context().equals("stores/" + consent.storeHash())) {
            return new Exchange.Refused("Invalid context. It has to be the one that came with the code.");
        }
        if (!claim.scopes().equals(Optional.of(consent.scopes()))) {
            return new Exchange.Refused("Invalid scope. It has to be the one that came with the code.");
        }
        if (!isAllowed(transaction, consent)) {
            return new Exchange.Refused("The app is disabled, blocked, or barred at the store.");
        }
        transaction.execute(
                "update authorization_code set used = true where code_key = ?",
                code.hash().key());
        return installations
                .install(
                        transaction,
                        consent.storeHash(),
                        consent.clientId(),
                        consent.scopes(),
                        code.hash().key())
                .<Exchange>map(token -> new Exchange.Granted(token, consent))
                .orElseThrow();
    }

    private static Optional<Found> lock(Handle transaction, BearerSecret code) {
        return transaction
                .createQuery("select * from authorization_code where code_key = ? and code_hash = ? for update")
                .bind(0, code.hash().key())
                .bind(1, code.hash().toBytes())
                .map((row, _) -> new Found(
                        new Consent(
                                row.getString("client_id"),
                                row.getString("store_hash"),
                                row.getLong("member_id"),
                                row.getString("redirect_uri"),
                                StoreScope.kept(row.getString("scopes"))),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        row.getBoolean("used")))
                .findOne();
    }

    private static boolean isAllowed(Handle transaction, Consent consent) {
        return transaction
                .createQuery(
                        "select 1 from app a left join app_store p on p.client_id = a.client_id and p.store_hash = ?"
                                + " where a.client_id = ? and not a.disabled and not a.blocked"
                                + " and coalesce(p.allowed, a.every_store)")
                .bind(0, consent.storeHash())
                .bind(1, consent.clientId())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }
}
