package dev.patron.server.secret;

import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Links that let their bearer do one thing once. Looking at one changes nothing, so that a preview of the link does not
 * spend it; {@link #spend} does, in the transaction that does the thing. Storage knows only hashes. Thread-safe.
 */
public final class OneTimeLinks {

    /** What a link is for. */
    public enum Purpose {
        /** To become the server's first operator. The subject is empty. */
        FIRST_OPERATOR(Duration.ofDays(1)),
        /** To become a member. The subject is the role, and the store hash for staff: many may be invited as the same. */
        INVITATION(Duration.ofDays(7)),
        /** To choose a new password for a member, whose access tokens end with it. The subject is the member id. */
        MEMBER_PASSWORD(Duration.ofDays(1)),
        /** To choose a new password for a member, whose access tokens stay. The subject is the member id. */
        MEMBER_PASSWORD_ONLY(Duration.ofDays(1)),
        /** To choose a new password for a customer. The subject is the customer key. */
        CUSTOMER_PASSWORD(Duration.ofDays(1));

        private final Duration validity;

        Purpose(Duration validity) {
            this.validity = validity;
        }

        /** How long a link of this purpose works. */
        public Duration validity() {
            return validity;
        }
    }

    /** How many invitations to become the same are open at a time; the oldest stops working for the next one. */
    public static final int MOST_INVITATIONS = 100;

    private static final String FIND =
            "select subject from one_time_link where link_key = ? and link_hash = ? and purpose = ? and expires_at > ?";

    private final Database database;
    private final InstantSource clock;

    /** Links kept in a database. */
    public OneTimeLinks(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a link. Earlier ones of the same purpose and subject no longer work; of invitations, those before the latest {@link
     * #MOST_INVITATIONS}. Expired ones go as well.
     */
    public BearerSecret create(Purpose purpose, String subject) {
        return database.transaction(handle -> create(handle, purpose, subject));
    }

    /** The same, as part of a transaction. */
    public BearerSecret create(Handle transaction, Purpose purpose, String subject) {
        BearerSecret secret = BearerSecret.create();
        transaction.execute("delete from one_time_link where expires_at <= ?", Database.moment(clock.instant()));
        if (purpose != Purpose.INVITATION) {
            revoke(transaction, purpose, subject);
        }
        transaction.execute(
                "insert into one_time_link (link_key, link_hash, purpose, subject, expires_at) values (?, ?, ?, ?, ?)",
                secret.hash().key(),
                secret.hash().toBytes(),
                purpose.name(),
                subject,
                Database.moment(clock.instant().plus(purpose.validity)));
        transaction.execute(
                "delete from one_time_link where link_key in (select link_key from one_time_link"
                        + " where purpose = ? and subject = ? and link_key <> ?"
                        + " order by expires_at desc, link_key offset " + (MOST_INVITATIONS - 1) + " rows)",
                purpose.name(),
                subject,
                secret.hash().key());
        return secret;
    }

    /** The subject of a link that still works. */
    public Optional<String> look(Purpose purpose, BearerSecret secret) {
        return database.with(handle -> find(handle, purpose, secret));
    }

    /** Spends a link in a transaction, and tells its subject; empty when it does not work (any more). */
    public Optional<String> spend(Handle transaction, Purpose purpose, BearerSecret secret) {
        Optional<String> subject = find(transaction, purpose, secret);
        int spent = transaction.execute(
                "delete from one_time_link where link_key = ? and link_hash = ? and purpose = ?",
                secret.hash().key(),
                secret.hash().toBytes(),
                purpose.name());
        return spent == 1 ? subject : Optional.empty();
    }

    /** Makes every link of this purpose and subject useless, as part of the transaction that gives the reason. */
    public static void revoke(Handle transaction, Purpose purpose, String subject) {
        transaction.execute("delete from one_time_link where purpose = ? and subject = ?", purpose.name(), subject);
    }

    private Optional<String> find(Handle handle, Purpose purpose, BearerSecret secret) {
        return handle.createQuery(FIND)
                .bind(0, secret.hash().key())
                .bind(1, secret.hash().toBytes())
                .bind(2, purpose.name())
                .bind(3, Database.moment(clock.instant()))
                .mapTo(String.class)
                .findOne();
    }
}
