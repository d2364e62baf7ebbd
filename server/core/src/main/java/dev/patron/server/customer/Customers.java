package dev.patron.server.customer;

import dev.patron.server.audit.AuditLog;
import dev.patron.server.customer.SignIn.Refused;
import dev.patron.server.customer.SignIn.SignedIn;
import dev.patron.server.customer.SignIn.TooManyAttempts;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.session.SessionOrigin;
import dev.patron.server.session.Sessions;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.sql.UniqueKey;
import dev.patron.server.sql.UniqueViolationException;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** The customers of each store. A customer of one store does not exist at another. Thread-safe. */
public final class Customers {

    private static final String ACCOUNTS = "select c.customer_key, c.store_hash, c.customer_id, c.email, c.first_name,"
            + " c.last_name, c.group_id, c.disabled, c.revision, k.password_hash"
            + " from customer c join credential k on k.customer_key = c.customer_key";
    private static final RowMapper<Account> ACCOUNT = (row, _) -> new Account(
            new Customer(
                    row.getLong("customer_key"),
                    row.getString("store_hash"),
                    row.getLong("customer_id"),
                    row.getString("email"),
                    row.getString("first_name"),
                    row.getString("last_name"),
                    row.getLong("group_id"),
                    row.getBoolean("disabled"),
                    row.getLong("revision")),
            new PasswordHash(row.getString("password_hash")));

    private static final long FIRST_REVISION = 1;
    private static final UniqueKey EMAIL_ONCE = UniqueKey.primary("credential", "store_hash", "email_key");
    private static final UniqueKey ID_ONCE =
            UniqueKey.named("customer_id_once", "customer", "store_hash", "customer_id");

    private record Account(Customer customer, PasswordHash passwordHash) {}

    private final Database database;
    private final Sessions sessions;
    private final AuditLog auditLog;
    private final Passwords passwords;
    private final AttemptLimits limits;
    private final InstantSource clock;

    /** Customers kept in a database. */
    public Customers(
            Database database,
            Sessions sessions,
            AuditLog auditLog,
            Passwords passwords,
            AttemptLimits limits,
            InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.auditLog = auditLog;
        this.passwords = passwords;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Makes a customer, under an id that the store has never used.
     *
     * @throws EmailTakenException when the store has a customer with this e-mail address
     */
    public Customer create(String storeHash, NewCustomer details, PasswordHash password) throws EmailTakenException {
        return created(() -> database.transaction(handle -> insert(handle, storeHash, details, password)), EMAIL_ONCE);
    }

    /**
     * Makes a customer who is signed in at once.
     *
     * @throws EmailTakenException when the store has a customer with this e-mail address
     */
    public SignedIn signUp(String storeHash, NewCustomer details, String password, SessionOrigin from)
            throws EmailTakenException {
        PasswordHash hash = passwords.hash(password);
        Sessions.First<Customer> first = created(
                () -> sessions.beginFirst(from, handle -> insert(handle, storeHash, details, hash), Customer::key),
                EMAIL_ONCE);
        return new SignedIn(first.made(), first.session());
    }

    /**
     * Makes a customer under a given id, for data that is copied from elsewhere; later ids are higher.
     *
     * @throws EmailTakenException when the store has a customer with this e-mail address or this id
     */
    public void importCustomer(long id, String storeHash, NewCustomer details, PasswordHash password)
            throws EmailTakenException {
        created(
                () -> database.transaction(handle -> {
                    handle.execute(
                            "update store set next_customer_id = ? where store_hash = ? and next_customer_id <= ?",
                            id + 1,
                            storeHash,
                            id);
                    return insert(handle, storeHash, id, details, password);
                }),
                EMAIL_ONCE,
                ID_ONCE);
    }

    /**
     * Signs a customer in, in a new session. It takes the same time and says the same for an unknown e-mail address, a
     * wrong password and a disabled customer.
     */
    public SignIn signIn(String storeHash, String email, String password, SessionOrigin from) {
        return signIn(storeHash, email, password, from, "");
    }

    /**
     * Signs a customer in, in a new session, from a browser that may have been there before.
     *
     * @param devices what its device cookie holds, or an empty string
     */
    public SignIn signIn(String storeHash, String email, String password, SessionOrigin from, String devices) {
        return limits.attempt(
                storeHash,
                email,
                new SignInSource.Browser(from.address(), device(storeHash, email, devices)),
                () -> checkPassword(storeHash, email, password, from),
                outcome -> outcome instanceof SignedIn,
                TooManyAttempts::new);
    }

    private Optional<String> device(String storeHash, String email, String devices) {
        if (devices.isEmpty()) {
            return Optional.empty();
        }
        return account(storeHash, email)
                .flatMap(account -> limits.knownDevices()
                        .recognise(devices, account.customer().key(), account.passwordHash()));
    }

    /**
     * What the device cookie of a browser is to hold that has just shown who the customer is.
     *
     * @param devices what it holds now, or an empty string
     * @return empty when the customer has been erased meanwhile
     */
    public Optional<String> rememberDevice(Customer customer, String devices) {
        return account(customer.key())
                .map(account -> limits.knownDevices().remember(devices, customer.key(), account.passwordHash()));
    }

    /** What signs a customer in without a password, in one transaction. */
    @FunctionalInterface
    public interface Proof<T> {
        /**
         * Looks at the proof, and signs the customer in by it. It may be done again from the start, in another transaction.
         *
         * @param signIn signs in, in a new session; empty when the store has no such customer, or they are disabled
         */
        T in(Handle transaction, Supplier<Optional<SignedIn>> signIn);
    }

    /** Signs a customer in, in a new session, by another proof than a password. */
    public <T> T signIn(String storeHash, long id, SessionOrigin from, Proof<T> proof) {
        Optional<Customer> found = find(storeHash, id);
        if (found.isEmpty()) {
            return database.transaction(handle -> proof.in(handle, Optional::empty));
        }
        return sessions.beginning(
                found.get().key(),
                from,
                (handle, begin) -> proof.in(
                        handle,
                        () -> find(handle, storeHash, id, " for update")
                                .filter(customer -> !customer.disabled())
                                .map(customer -> new SignedIn(customer, begin.get()))));
    }

    /**
     * Whether a password is a customer's, without signing them in: for apps that are allowed to ask. It takes the same time for
     * an unknown e-mail address and a disabled customer. Wrong ones count against the account, not against an address: all
     * customers of an app come from one.
     */
    public PasswordCheck check(String storeHash, String email, String password) {
        return limits.attempt(
                storeHash,
                email,
                new SignInSource.App(),
                () -> compare(storeHash, email, password),
                outcome -> outcome instanceof PasswordCheck.Right,
                PasswordCheck.TooManyAttempts::new);
    }

    private PasswordCheck compare(String storeHash, String email, String password) {
        Optional<Account> found = account(storeHash, email);
        if (!passwords.matches(password, found.map(Account::passwordHash))
                || found.orElseThrow().customer().disabled()) {
            return new PasswordCheck.Wrong();
        }
        return new PasswordCheck.Right(found.orElseThrow().customer());
    }

    /** The customer with this id, if the store has one. */
    public Optional<Customer> find(String storeHash, long id) {
        return database.with(handle -> find(handle, storeHash, id, ""));
    }

    /** The customers of a store with the lowest ids, without the disabled ones. */
    public List<Customer> first(String storeHash, int atMost) {
        return database.with(handle -> handle.createQuery(ACCOUNTS
                        + " where c.store_hash = ? and not c.disabled order by c.customer_id fetch first ? rows only")
                .bind(0, storeHash)
                .bind(1, atMost)
                .map(ACCOUNT)
                .map(Account::customer)
                .list());
    }

    /**
     * A page of a store's customers, by id. It reads no more rows than it needs where all are wanted, and all of the store's
     * where a rare name is.
     *
     * @param text what the e-mail address, the first name with the last, or the last name begins with, in whatever case; or
     *     the whole id; or an empty string for all of them
     * @param afterId where the page before it ended, or 0
     */
    public List<Customer> search(String storeHash, String text, long afterId, int atMost) {
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        boolean maybeId = wanted.matches("[0-9]{1,18}");
        return database.with(handle -> {
            Query query = handle.createQuery(ACCOUNTS + " where c.store_hash = :store and c.customer_id > :after"
                            + (wanted.isEmpty()
                                    ? ""
                                    : " and (k.email_key like :prefix escape '!'"
                                            + " or lower(c.first_name || ' ' || c.last_name) like :prefix escape '!'"
                                            + " or lower(c.last_name) like :prefix escape '!'"
                                            + (maybeId ? " or c.customer_id = :id)" : ")"))
                            + " order by c.customer_id fetch first :most rows only")
                    .bind("store", storeHash)
                    .bind("after", afterId)
                    .bind("most", atMost);
            if (!wanted.isEmpty()) {
                query.bind("prefix", wanted.replaceAll("[!%_]", "!$0") + "%");
            }
            if (maybeId) {
                query.bind("id", Long.parseLong(wanted));
            }
            return query.map(ACCOUNT).map(Account::customer).list();
        });
    }

    /** How many customers a store has; no more than so many are counted. */
    public int count(String storeHash, int atMost) {
        return database.with(handle -> handle.createQuery("select count(*) from (select customer_id from customer"
                        + " where store_hash = ? fetch first ? rows only) c")
                .bind(0, storeHash)
                .bind(1, atMost)
                .mapTo(Integer.class)
                .one());
    }

    /** The customer whom storage knows by this key. */
    public Optional<Customer> findByKey(long key) {
        return account(key).map(Account::customer);
    }

    /**
     * Changes the password of a signed-in customer, ends all their sessions and begins a new one.
     *
     * @return the new session, or a refusal when the current password is wrong or was tried too often
     */
    public SignIn changePassword(Customer customer, String currentPassword, String newPassword, SessionOrigin from) {
        return limits.attempt(
                customer.storeHash(),
                customer.email(),
                new SignInSource.SignedIn(),
                () -> change(customer, currentPassword, newPassword, from),
                outcome -> outcome instanceof SignedIn,
                TooManyAttempts::new);
    }

    private SignIn change(Customer customer, String currentPassword, String newPassword, SessionOrigin from) {
        Optional<Account> account = account(customer.key());
        if (!passwords.matches(currentPassword, account.map(Account::passwordHash))) {
            return new Refused();
        }
        PasswordHash checked = account.orElseThrow().passwordHash();
        PasswordHash changed = passwords.hash(newPassword);
        return sessions.renewing(customer.key(), from, (handle, begin) -> {
            if (!isUnchanged(handle, customer, checked)) {
                return new Refused();
            }
            setPassword(handle, customer, changed);
            endLinks(handle, customer.key());
            return new SignedIn(customer, begin.get());
        });
    }

    /**
     * Disables or enables a customer. Disabling ends all their sessions and links.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @return the customer as they are now, if the store has them
     * @throws RevisionConflictException when they have another revision; then nothing is changed
     */
    public Optional<Customer> setDisabled(String storeHash, long id, OptionalLong revision, boolean disabled) {
        return database.transaction(handle -> {
            Optional<Customer> found = find(handle, storeHash, id, " for update");
            if (found.isEmpty() || found.get().disabled() == disabled) {
                return found;
            }
            RevisionConflictException.unlessCurrent(revision, found.get().revision());
            handle.execute(
                    "update customer set disabled = ?, revision = revision + 1 where customer_key = ?",
                    disabled,
                    found.get().key());
            if (disabled) {
                endEverything(handle, found.get().key());
            }
            return find(handle, storeHash, id, "");
        });
    }

    /**
     * Changes a customer's names and group; tokens have the group from the next one on. A change to what they are already
     * changes nothing.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @param change from the details as they are to those that they become; the e-mail address stays as it is
     * @return the customer as they are now, if the store has them
     * @throws RevisionConflictException when they have another revision; then nothing is changed
     */
    public Optional<Customer> update(
            String storeHash, long id, OptionalLong revision, UnaryOperator<NewCustomer> change) {
        return database.transaction(handle -> {
            Optional<Customer> found = find(handle, storeHash, id, " for update");
            if (found.isEmpty()) {
                return found;
            }
            Customer customer = found.get();
            RevisionConflictException.unlessCurrent(revision, customer.revision());
            NewCustomer details =
                    new NewCustomer(customer.email(), customer.firstName(), customer.lastName(), customer.groupId());
            NewCustomer changed = change.apply(details);
            if (changed.equals(details)) {
                return found;
            }
            handle.execute(
                    "update customer set first_name = ?, last_name = ?, group_id = ?, revision = revision + 1"
                            + " where customer_key = ?",
                    changed.firstName(),
                    changed.lastName(),
                    changed.groupId(),
                    customer.key());
            return find(handle, storeHash, id, "");
        });
    }

    /**
     * Erases a customer for good, with their credential and sessions, and makes what the ledger has of them anonymous.
     * The store never uses the id again.
     *
     * @return whether the store had this customer
     */
    public boolean erase(String storeHash, long id) {
        return database.transaction(handle -> {
            // Locked first, so that no session begins beside it.
            Optional<Long> key = handle.createQuery(
                            "select customer_key from customer where store_hash = ? and customer_id = ? for update")
                    .bind(0, storeHash)
                    .bind(1, id)
                    .mapTo(Long.class)
                    .findOne();
            key.ifPresent(found -> {
                auditLog.erase(handle, storeHash, id);
                endEverything(handle, found);
                handle.execute("delete from credential where customer_key = ?", found);
                handle.execute("delete from customer where customer_key = ?", found);
            });
            return key.isPresent();
        });
    }

    /** Ends every session of a customer, and every link to choose a new password. */
    public void signOutEverywhere(Customer customer) {
        database.transaction(handle -> {
            lock(handle, customer.key());
            endEverything(handle, customer.key());
            return true;
        });
    }

    private void endEverything(Handle transaction, long customerKey) {
        sessions.endAll(transaction, customerKey);
        endLinks(transaction, customerKey);
    }

    private static void endLinks(Handle transaction, long customerKey) {
        OneTimeLinks.revoke(transaction, Purpose.CUSTOMER_PASSWORD, Long.toString(customerKey));
    }

    /** Locks a customer's row: whatever changes what they sign in with comes one after the other. */
    static void lock(Handle transaction, long customerKey) {
        transaction
                .createQuery("select 1 from customer where customer_key = ? for update")
                .bind(0, customerKey)
                .mapTo(Integer.class)
                .findOne();
    }

    private static Optional<Customer> find(Handle handle, String storeHash, long id, String lock) {
        return handle.createQuery(ACCOUNTS + " where c.store_hash = ? and c.customer_id = ?" + lock)
                .bind(0, storeHash)
                .bind(1, id)
                .map(ACCOUNT)
                .findOne()
                .map(Account::customer);
    }

    private Optional<Account> account(long key) {
        return database.with(handle -> handle.createQuery(ACCOUNTS + " where c.customer_key = ?")
                .bind(0, key)
                .map(ACCOUNT)
                .findOne());
    }

    private SignIn checkPassword(String storeHash, String email, String password, SessionOrigin from) {
        Optional<Account> found = account(storeHash, email);
        if (!passwords.matches(password, found.map(Account::passwordHash))) {
            return new Refused();
        }
        Account account = found.orElseThrow();
        if (account.customer().disabled() || !passwords.isOutdated(account.passwordHash())) {
            return begin(account, Optional.empty(), from);
        }
        // Only now is the password at hand, to be hashed as the operator wishes today.
        SignIn outcome = begin(account, Optional.of(passwords.hash(password)), from);
        // Whoever signed in meanwhile may have been faster, so that the hash is another one, and not outdated any more.
        return outcome instanceof Refused ? checkPassword(storeHash, email, password, from) : outcome;
    }

    private Optional<Account> account(String storeHash, String email) {
        return database.with(handle -> handle.createQuery(ACCOUNTS + " where k.store_hash = ? and k.email_key = ?")
                .bind(0, storeHash)
                .bind(1, NewCustomer.emailKey(email))
                .map(ACCOUNT)
                .findOne());
    }

    private SignIn begin(Account checked, Optional<PasswordHash> renewed, SessionOrigin from) {
        Customer customer = checked.customer();
        return sessions.beginning(customer.key(), from, (handle, begin) -> {
            if (!isUnchanged(handle, customer, checked.passwordHash())) {
                return new Refused();
            }
            renewed.ifPresent(hash -> setPassword(handle, customer, hash));
            return new SignedIn(customer, begin.get());
        });
    }

    private static void setPassword(Handle transaction, Customer customer, PasswordHash hash) {
        setPassword(transaction, customer.key(), hash);
    }

    static void setPassword(Handle transaction, long customerKey, PasswordHash hash) {
        transaction.execute(
                "update credential set password_hash = ? where customer_key = ?", hash.encoded(), customerKey);
    }

    /**
     * Whether the account is enabled and has the password that was checked. Its row stays locked until the transaction
     * ends, so that no session can begin beside a change of password or a disabling.
     */
    private static boolean isUnchanged(Handle transaction, Customer customer, PasswordHash checked) {
        boolean enabled = transaction
                .createQuery("select 1 from customer where customer_key = ? and not disabled for update")
                .bind(0, customer.key())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        return enabled
                && transaction
                        .createQuery("select password_hash from credential where customer_key = ?")
                        .bind(0, customer.key())
                        .mapTo(String.class)
                        .findOne()
                        .equals(Optional.of(checked.encoded()));
    }

    private Customer insert(Handle handle, String storeHash, NewCustomer details, PasswordHash password) {
        long id = handle.createQuery("select next_customer_id from store where store_hash = ? for update")
                .bind(0, storeHash)
                .mapTo(Long.class)
                .one();
        handle.execute("update store set next_customer_id = ? where store_hash = ?", id + 1, storeHash);
        return insert(handle, storeHash, id, details, password);
    }

    private Customer insert(Handle handle, String storeHash, long id, NewCustomer details, PasswordHash password) {
        long key = handle.createUpdate("insert into customer"
                        + " (store_hash, customer_id, email, first_name, last_name, group_id, disabled, created_at)"
                        + " values (?, ?, ?, ?, ?, ?, false, ?)")
                .bind(0, storeHash)
                .bind(1, id)
                .bind(2, details.email())
                .bind(3, details.firstName())
                .bind(4, details.lastName())
                .bind(5, details.groupId())
                .bind(6, Database.moment(clock.instant()))
                .executeAndReturnGeneratedKeys("customer_key")
                .mapTo(Long.class)
                .one();
        handle.execute(
                "insert into credential (store_hash, email_key, customer_key, password_hash) values (?, ?, ?, ?)",
                storeHash,
                NewCustomer.emailKey(details.email()),
                key,
                password.encoded());
        return new Customer(
                key,
                storeHash,
                id,
                details.email(),
                details.firstName(),
                details.lastName(),
                details.groupId(),
                false,
                FIRST_REVISION);
    }

    @FunctionalInterface
    private interface Creation<T> {
        T run();
    }

    private static <T> T created(Creation<T> creation, UniqueKey... taken) throws EmailTakenException {
        try {
            return creation.run();
        } catch (UniqueViolationException violation) {
            if (Stream.of(taken).anyMatch(violation::isOf)) {
                throw new EmailTakenException();
            }
            throw violation;
        }
    }
}
