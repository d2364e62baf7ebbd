package dev.patron.server.audit;

import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes the disclosures of a customer anonymous. At once, no row leads to the customer any more: neither one that is
 * there nor one that is still to be written, since {@code erased_customer} has the key. Some minutes later the key is
 * removed from the rows as well, so that they do not even tell that they are about the same person.
 */
final class Erasure {

    /** By then every process has written what it had recorded before the erasure, or its storage is away. */
    static final Duration WRITTEN = Duration.ofMinutes(5);

    private static final int STEP = 100;

    /** A row with several disclosures. */
    private record Row(long id, Instant at, List<Several.Entry> entries) {}

    private Erasure() {}

    static boolean erase(Handle transaction, String storeHash, long customerId, Instant now) {
        Optional<Long> key = transaction
                .createQuery("select customer_key from customer where store_hash = ? and customer_id = ?")
                .bind(0, storeHash)
                .bind(1, customerId)
                .mapTo(Long.class)
                .findOne();
        key.ifPresent(erased -> {
            transaction.execute(
                    "insert into erased_customer (customer_key, store_hash, everywhere, erased_at)"
                            + " values (?, ?, false, ?) on conflict do nothing",
                    erased,
                    storeHash,
                    Database.moment(now));
            removeOwnRows(transaction, storeHash, erased);
        });
        return key.isPresent();
    }

    /** Removes the keys of customers who were erased some minutes ago, some rows at a time. */
    static void finish(Database database, Instant now) {
        Map<String, Set<Long>> byStore = database.with(handle -> handle.createQuery(
                        "select store_hash, customer_key from erased_customer where not everywhere and erased_at < ?")
                .bind(0, Database.moment(now.minus(WRITTEN)))
                .map((row, _) -> Map.entry(row.getString(1), row.getLong(2)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet()))));
        byStore.forEach((storeHash, keys) -> {
            for (Cursor next = Cursor.START; next != null; ) {
                next = removeFromNext(database, storeHash, keys, next);
            }
            database.transaction(handle -> {
                for (long key : keys) {
                    removeOwnRows(handle, storeHash, key);
                    handle.execute("update erased_customer set everywhere = true where customer_key = ?", key);
                }
                return keys.size();
            });
        });
    }

    private static void removeOwnRows(Handle transaction, String storeHash, long key) {
        SetAside.forget(transaction, key);
        transaction.execute(
                "update disclosure set customer_key = null where store_hash = ? and customer_key = ?", storeHash, key);
    }

    /** Goes through some rows that have several disclosures; where to go on, or null at the end. */
    private static @Nullable Cursor removeFromNext(Database database, String storeHash, Set<Long> keys, Cursor after) {
        List<Row> rows = database.with(handle -> handle.createQuery(
                        "select disclosure_id, disclosed_at, several from disclosure where store_hash = :store"
                                + " and customer_key is null and several is not null and disclosed_at <= :at"
                                + " and (disclosed_at < :at or disclosure_id < :id)"
                                + " order by store_hash, customer_key, disclosed_at desc, disclosure_id desc fetch first "
                                + STEP + " rows only")
                .bind("store", storeHash)
                .bind("at", Database.moment(after.at()))
                .bind("id", after.id())
                .map((row, _) -> {
                    Instant at = row.getObject(2, OffsetDateTime.class).toInstant();
                    return new Row(row.getLong(1), at, Several.read(at, row.getBytes(3)));
                })
                .list());
        database.transaction(handle -> {
            for (Row row : rows) {
                List<Several.Entry> anonymous = Several.anonymous(row.entries(), keys);
                if (!anonymous.equals(row.entries())) {
                    handle.execute(
                            "update disclosure set several = ? where disclosure_id = ?",
                            Several.write(row.at(), anonymous),
                            row.id());
                }
            }
            return rows.size();
        });
        return rows.size() < STEP
                ? null
                : new Cursor(rows.getLast().at(), rows.getLast().id(), 0);
    }
}
