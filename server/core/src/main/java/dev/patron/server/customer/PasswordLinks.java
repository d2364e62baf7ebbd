package dev.patron.server.customer;

import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Links by which customers choose a new password, once, without knowing the old one. A link ends with every other change of
 * the password, and when the customer is signed out everywhere, disabled or erased. Thread-safe.
 */
public final class PasswordLinks {

    private final Database database;
    private final OneTimeLinks links;
    private final Customers customers;
    private final Sessions sessions;
    private final Passwords passwords;
    private final InstantSource clock;

    /** Links kept in a database. */
    public PasswordLinks(
            Database database,
            OneTimeLinks links,
            Customers customers,
            Sessions sessions,
            Passwords passwords,
            InstantSource clock) {
        this.database = database;
        this.links = links;
        this.customers = customers;
        this.sessions = sessions;
        this.passwords = passwords;
        this.clock = clock;
    }

    /** A link, to be shown once. {@link #toString()} does not tell it. */
    public record Link(BearerSecret secret, Instant expiresAt) {}

    /** Makes a link; an earlier one for the same customer no longer works. */
    public Link create(Customer customer) {
        Instant expiresAt = clock.instant().plus(Purpose.CUSTOMER_PASSWORD.validity());
        return database.transaction(handle -> {
            // So that of two links made at once one works.
            Customers.lock(handle, customer.key());
            return new Link(links.create(handle, Purpose.CUSTOMER_PASSWORD, Long.toString(customer.key())), expiresAt);
        });
    }

    /** Whose link it is, if it still works and they are a customer of this store. Looking changes nothing. */
    public Optional<Customer> look(String storeHash, BearerSecret link) {
        return links.look(Purpose.CUSTOMER_PASSWORD, link)
                .map(Long::valueOf)
                .flatMap(customers::findByKey)
                .filter(customer -> customer.storeHash().equals(storeHash));
    }

    /**
     * Chooses a new password by a link that is spent with it, and ends all sessions of the customer.
     *
     * @return whether the link worked
     */
    public boolean reset(String storeHash, BearerSecret link, String newPassword) {
        Optional<Customer> customer = look(storeHash, link);
        if (customer.isEmpty()) {
            return false;
        }
        PasswordHash hash = passwords.hash(newPassword);
        return database.transaction(handle -> {
            // A change of password that is faster ends the link.
            Customers.lock(handle, customer.get().key());
            Optional<Long> key =
                    links.spend(handle, Purpose.CUSTOMER_PASSWORD, link).map(Long::valueOf);
            key.ifPresent(found -> {
                Customers.setPassword(handle, found, hash);
                sessions.endAll(handle, found);
            });
            return key.isPresent();
        });
    }
}
