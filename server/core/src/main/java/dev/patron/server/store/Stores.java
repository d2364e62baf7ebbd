package dev.patron.server.store;

import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.sql.UniqueKey;
import dev.patron.server.sql.UniqueViolationException;
import dev.patron.server.text.VisibleText;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** The stores of this server and their hosts. Thread-safe. */
public final class Stores {

    /** How many hosts a store may have. */
    public static final int MAX_HOSTS = 100;

    private static final Pattern HASH = Pattern.compile("[a-z0-9]{5,32}");
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\\[[0-9a-f:.]+]");
    private static final int FIRST_CUSTOMER_ID = 1;
    private static final long FIRST_REVISION = 1;
    private static final String STORES =
            "select s.store_hash, s.name, s.https, s.open_to_developers, s.revision from store s";
    private static final RowMapper<Store> STORE = (row, _) -> new Store(
            row.getString("store_hash"),
            row.getString("name"),
            row.getBoolean("https"),
            row.getBoolean("open_to_developers"),
            row.getLong("revision"));

    private static final UniqueKey HASH_ONCE = UniqueKey.primary("store", "store_hash");
    private static final UniqueKey HOST_ONCE = UniqueKey.primary("store_host", "host");

    private final Database database;
    private final InstantSource clock;

    /** Stores kept in a database. */
    public Stores(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a store with its hosts. It is not open to developers.
     *
     * @param hosts host names without port, in lower case
     * @throws InvalidStoreException when the hash, the name or a host is malformed or taken, or there are more than {@link
     *     #MAX_HOSTS} hosts
     */
    public Store create(String hash, String name, boolean https, List<String> hosts) {
        if (!HASH.matcher(hash).matches()) {
            throw new InvalidStoreException("store_hash", "A store hash has 5 to 32 of the characters a-z and 0-9.");
        }
        checkName(name);
        check(hosts);
        Store store = new Store(hash, name, https, false, FIRST_REVISION);
        try {
            return database.transaction(handle -> {
                handle.execute(
                        "insert into store (store_hash, name, https, next_customer_id, created_at)"
                                + " values (?, ?, ?, ?, ?)",
                        hash,
                        name,
                        https,
                        FIRST_CUSTOMER_ID,
                        Database.moment(clock.instant()));
                addHosts(handle, hash, hosts);
                return store;
            });
        } catch (UniqueViolationException violation) {
            throw taken(violation);
        }
    }

    /**
     * Changes a store, from the next request on. A change to what it is already changes nothing.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @param change from the details as they are to those that they become; hosts that it leaves out no longer lead to the
     *     store
     * @return the store as it is now, if there is one with this hash
     * @throws InvalidStoreException when the name or a host is malformed or taken, or there are more than {@link #MAX_HOSTS}
     *     hosts; then nothing is changed
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<Store> update(String hash, OptionalLong revision, UnaryOperator<StoreDetails> change) {
        try {
            return database.transaction(handle -> {
                Optional<Store> found = find(handle, hash, " for update");
                if (found.isEmpty()) {
                    return found;
                }
                RevisionConflictException.unlessCurrent(revision, found.get().revision());
                StoreDetails details = details(handle, found.get());
                StoreDetails changed = change.apply(details);
                if (changed.equals(details)) {
                    return found;
                }
                check(changed.hosts());
                // A name that was kept before the rules about characters may stay as it is.
                if (!changed.name().equals(details.name())) {
                    checkName(changed.name());
                }
                handle.execute(
                        "update store set name = ?, https = ?, open_to_developers = ?, revision = revision + 1"
                                + " where store_hash = ?",
                        changed.name(),
                        changed.https(),
                        changed.openToDevelopers(),
                        hash);
                handle.execute("delete from store_host where store_hash = ?", hash);
                addHosts(handle, hash, changed.hosts());
                return find(handle, hash, "");
            });
        } catch (UniqueViolationException violation) {
            throw taken(violation);
        }
    }

    /** The store that a host belongs to. */
    public Optional<Store> atHost(String host) {
        return database.with(handle -> handle.createQuery(
                        STORES + " join store_host h on h.store_hash = s.store_hash where h.host = ?")
                .bind(0, host)
                .map(STORE)
                .findOne());
    }

    /** The store with this hash. */
    public Optional<Store> find(String hash) {
        return database.with(handle -> find(handle, hash, ""));
    }

    /** All stores, by hash. */
    public List<Store> list() {
        return database.with(handle ->
                handle.createQuery(STORES + " order by s.store_hash").map(STORE).list());
    }

    /** The stores where every developer may try their apps, by hash. */
    public List<Store> openToDevelopers() {
        return database.with(handle -> handle.createQuery(STORES + " where s.open_to_developers order by s.store_hash")
                .map(STORE)
                .list());
    }

    /** The hosts of a store, in alphabetical order. */
    public List<String> hosts(String hash) {
        return database.with(handle -> hosts(handle, hash));
    }

    /** The hosts of every store, each in alphabetical order, by the store's hash. One query. */
    public Map<String, List<String>> hosts() {
        return database.with(handle -> handle.createQuery("select store_hash, host from store_host order by host")
                .map((row, _) -> Map.entry(row.getString("store_hash"), row.getString("host")))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList()))));
    }

    private static Optional<Store> find(Handle handle, String hash, String lock) {
        return handle.createQuery(STORES + " where s.store_hash = ?" + lock)
                .bind(0, hash)
                .map(STORE)
                .findOne();
    }

    private static StoreDetails details(Handle handle, Store store) {
        return new StoreDetails(store.name(), store.https(), store.openToDevelopers(), hosts(handle, store.hash()));
    }

    private static List<String> hosts(Handle handle, String hash) {
        return handle.createQuery("select host from store_host where store_hash = ? order by host")
                .bind(0, hash)
                .mapTo(String.class)
                .list();
    }

    private static void addHosts(Handle transaction, String hash, List<String> hosts) {
        // In one order, so that two stores that want each other's hosts do not wait for each other.
        for (String host : hosts.stream().sorted().toList()) {
            transaction.execute("insert into store_host (host, store_hash) values (?, ?)", host, hash);
        }
    }

    private static RuntimeException taken(UniqueViolationException violation) {
        if (violation.isOf(HASH_ONCE)) {
            return new InvalidStoreException("store_hash", "There is a store with this hash already.");
        }
        return violation.isOf(HOST_ONCE)
                ? new InvalidStoreException("hosts", "One of the hosts is taken by another store.")
                : violation;
    }

    private static void checkName(String name) {
        if (VisibleText.isEmpty(name) || name.length() > 200) {
            throw new InvalidStoreException("name", "A store's name has 1 to 200 characters.");
        }
        VisibleText.fault(name).ifPresent(fault -> {
            throw new InvalidStoreException("name", "A store's name: " + fault);
        });
    }

    private static void check(List<String> hosts) {
        if (hosts.isEmpty()) {
            throw new InvalidStoreException("hosts", "A store needs at least one host.");
        }
        if (hosts.size() > MAX_HOSTS) {
            throw new InvalidStoreException("hosts", "A store has at most " + MAX_HOSTS + " hosts.");
        }
        for (String host : hosts) {
            if (host.length() > 255 || !HOST.matcher(host).matches()) {
                throw new InvalidStoreException(
                        "hosts", "A host is a name in lower case without a port, such as shop.example.");
            }
        }
    }

    /**
     * The host of a {@code Host} header or an authority: in lower case and without the port, as browsers and {@code
     * store_host} have it.
     */
    public static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        return (port ? authority.substring(0, colon) : authority).toLowerCase(Locale.ROOT);
    }
}
