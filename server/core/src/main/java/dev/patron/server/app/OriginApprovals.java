package dev.patron.server.app;

import dev.patron.server.sql.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The approvals of foreign origins. An origin that an app lists counts at the stores that approved it for this app, and
 * where an operator approved it at every store, unless the store withdrew it. Thread-safe.
 */
public final class OriginApprovals {

    /** The condition for an origin {@code o} of {@code app_origin} and the decision {@code d} that a store made, if any. */
    public static final String APPROVED = "coalesce(d.approved, o.every_store)";

    private final Database database;
    private final InstantSource clock;

    OriginApprovals(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** The origins that an app lists, in order, and where each is approved. */
    public List<AppOrigin> ofApp(String clientId) {
        return database.with(handle -> {
            var origins = new TreeMap<String, Found>();
            handle.createQuery("select o.origin, o.every_store, d.store_hash, d.approved from app_origin o"
                            + " left join app_origin_approval d on d.client_id = o.client_id and d.origin = o.origin"
                            + " where o.client_id = ?")
                    .bind(0, clientId)
                    .map((row, _) -> new Decision(
                            row.getString("origin"),
                            row.getBoolean("every_store"),
                            row.getString("store_hash"),
                            row.getBoolean("approved")))
                    .forEach(decision -> origins.computeIfAbsent(
                                    decision.origin(),
                                    _ -> new Found(decision.everyStore(), new HashSet<>(), new HashSet<>()))
                            .add(decision));
            return origins.entrySet().stream()
                    .map(each -> each.getValue().of(each.getKey()))
                    .toList();
        });
    }

    /** The origins that an app lists, in order, as a store sees them. */
    public List<StoreOrigin> atStore(String storeHash, String clientId) {
        return database.with(handle -> handle.createQuery("select o.origin, o.every_store, " + APPROVED
                        + " as approved, d.decided_at, d.decided_by, m.name from app_origin o"
                        + " left join app_origin_approval d on d.client_id = o.client_id and d.origin = o.origin"
                        + " and d.store_hash = ? left join member m on m.member_id = d.decided_by"
                        + " where o.client_id = ? order by o.origin")
                .bind(0, storeHash)
                .bind(1, clientId)
                .map((row, _) -> new StoreOrigin(
                        row.getString("origin"),
                        row.getBoolean("approved"),
                        row.getBoolean("every_store"),
                        Optional.ofNullable(row.getObject("decided_at", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant),
                        Optional.ofNullable(row.getObject("decided_by", Long.class)),
                        Optional.ofNullable(row.getString("name"))))
                .list());
    }

    /** The client ids of the apps that list an origin about which nobody has decided for a store. */
    public Set<String> undecided(String storeHash) {
        return database.with(handle -> new HashSet<>(handle.createQuery("select distinct o.client_id from app_origin o"
                        + " left join app_origin_approval d on d.client_id = o.client_id and d.origin = o.origin"
                        + " and d.store_hash = ? where d.approved is null and not o.every_store")
                .bind(0, storeHash)
                .mapTo(String.class)
                .list()));
    }

    /** How many origins of apps nobody has decided about, neither a store nor an operator. */
    public long undecided() {
        return database.with(handle -> handle.createQuery("select count(*) from app_origin o"
                        + " where not o.every_store and o.decided_at is null"
                        + " and not exists (select 1 from app_origin_approval d"
                        + " where d.client_id = o.client_id and d.origin = o.origin)")
                .mapTo(Long.class)
                .one());
    }

    /**
     * Approves an origin of an app at a store, or withdraws it there, from the next request on. A decision that stands already
     * changes nothing, and neither does one about an origin that the app does not list: what the store decided about it before
     * stays.
     *
     * @param decidedBy the member who decides; empty for the operator token
     * @return whether there is such a store, and the app lists this origin
     */
    public boolean decide(
            String storeHash, String clientId, String origin, boolean approved, Optional<Long> decidedBy) {
        return database.transaction(handle -> {
            Optional<Optional<Boolean>> found =
                    AppRows.lock(handle, clientId) ? decision(handle, storeHash, clientId, origin) : Optional.empty();
            if (found.isEmpty()) {
                return false;
            }
            Optional<Boolean> before = found.get();
            if (before.equals(Optional.of(approved))) {
                return true;
            }
            handle.createUpdate(
                            before.isPresent()
                                    ? "update app_origin_approval set approved = :approved, decided_by = :by,"
                                            + " decided_at = :at where client_id = :client and origin = :origin"
                                            + " and store_hash = :store"
                                    : "insert into app_origin_approval (client_id, origin, store_hash, approved, decided_by,"
                                            + " decided_at) values (:client, :origin, :store, :approved, :by, :at)")
                    .bind("client", clientId)
                    .bind("origin", origin)
                    .bind("store", storeHash)
                    .bind("approved", approved)
                    .bind("by", decidedBy.orElse(null))
                    .bind("at", Database.moment(clock.instant()))
                    .execute();
            AppRows.touch(handle, clientId);
            return true;
        });
    }

    /** What a store decided about an origin, if anything; nothing at all when there is no such store or listed origin. */
    private static Optional<Optional<Boolean>> decision(
            Handle transaction, String storeHash, String clientId, String origin) {
        return transaction
                .createQuery("select d.approved from app_origin o cross join store s"
                        + " left join app_origin_approval d on d.client_id = o.client_id and d.origin = o.origin"
                        + " and d.store_hash = s.store_hash"
                        + " where o.client_id = ? and o.origin = ? and s.store_hash = ?")
                .bind(0, clientId)
                .bind(1, origin)
                .bind(2, storeHash)
                .map((row, _) -> Optional.ofNullable(row.getObject("approved", Boolean.class)))
                .findOne();
    }

    /**
     * Approves an origin of an app at every store that has not decided itself, or takes that back, from the next request on.
     * What a store decided stays. A decision that stands already changes nothing.
     *
     * @param decidedBy the operator who decides; empty for the operator token
     * @return whether the app lists this origin
     */
    public boolean decideEverywhere(String clientId, String origin, boolean approved, Optional<Long> decidedBy) {
        return database.transaction(handle -> {
            if (!AppRows.lock(handle, clientId)) {
                return false;
            }
            Optional<Boolean> decided = handle.createQuery("select every_store = ? and (every_store or"
                            + " decided_at is not null) as decided from app_origin where client_id = ? and origin = ?")
                    .bind(0, approved)
                    .bind(1, clientId)
                    .bind(2, origin)
                    .mapTo(Boolean.class)
                    .findOne();
            if (decided.isEmpty() || decided.get()) {
                return decided.isPresent();
            }
            handle.execute(
                    "update app_origin set every_store = ?, decided_by = ?, decided_at = ?"
                            + " where client_id = ? and origin = ?",
                    approved,
                    decidedBy.orElse(null),
                    Database.moment(clock.instant()),
                    clientId,
                    origin);
            AppRows.touch(handle, clientId);
            return true;
        });
    }

    /**
     * Replaces the list. What stays keeps its approvals; what is new has none, unless it is approved by being listed. What a
     * store refused stays refused there, and what an operator withdrew stays withdrawn, until they decide otherwise.
     */
    static void replace(
            Handle transaction, String clientId, Set<String> origins, boolean approved, InstantSource clock) {
        Set<String> before = new HashSet<>(transaction
                .createQuery("select origin from app_origin where client_id = ?")
                .bind(0, clientId)
                .mapTo(String.class)
                .list());
        for (String gone : before) {
            if (!origins.contains(gone)) {
                transaction.execute(
                        "insert into withdrawn_origin (client_id, origin, decided_by, decided_at)"
                                + " select client_id, origin, decided_by, decided_at from app_origin"
                                + " where client_id = ? and origin = ? and not every_store and decided_at is not null",
                        clientId,
                        gone);
                transaction.execute("delete from app_origin where client_id = ? and origin = ?", clientId, gone);
                transaction.execute(
                        "delete from app_origin_approval where client_id = ? and origin = ? and approved",
                        clientId,
                        gone);
            }
        }
        for (String origin : origins) {
            if (!before.contains(origin) && !restore(transaction, clientId, origin)) {
                transaction.execute(
                        "insert into app_origin (client_id, origin, every_store, decided_at) values (?, ?, ?, ?)",
                        clientId,
                        origin,
                        approved,
                        approved ? Database.moment(clock.instant()) : null);
            }
        }
    }

    /** Lists an origin that an operator withdrew before, as withdrawn; whether there is such a one. */
    private static boolean restore(Handle transaction, String clientId, String origin) {
        transaction.execute(
                "insert into app_origin (client_id, origin, every_store, decided_by, decided_at)"
                        + " select client_id, origin, false, decided_by, decided_at from withdrawn_origin"
                        + " where client_id = ? and origin = ?",
                clientId,
                origin);
        return transaction.execute("delete from withdrawn_origin where client_id = ? and origin = ?", clientId, origin)
                == 1;
    }

    private record Decision(
            String origin, boolean everyStore, @Nullable String storeHash, boolean approved) {}

    private record Found(boolean everyStore, Set<String> approved, Set<String> refused) {

        void add(Decision decision) {
            if (decision.storeHash() != null) {
                (decision.approved() ? approved : refused).add(decision.storeHash());
            }
        }

        AppOrigin of(String origin) {
            return new AppOrigin(origin, everyStore, approved, refused);
        }
    }
}
