package dev.patron.server.audit;

import dev.patron.server.sql.Database;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Which app was told what about whom: of one store, or to one app. The latest come first; disclosures of the same second may
 * change places. Thread-safe.
 */
public final class Disclosures {

    /** How many rows are read at once. */
    private static final int ROWS = 200;

    /** How many rows are searched for one page; then the page ends, and goes on with the next one. */
    private static final int MOST_ROWS = 20_000;

    private static final String[] COLUMNS = {
        "disclosed_at", "store_hash", "app_client_id", "customer_id", "claims", "secret_id"
    };

    /** A row of storage: one disclosure, or several. */
    private record Row(
            Instant at,
            long id,
            String storeHash,
            String clientId,
            List<String> claims,
            long secretId,
            List<Several.Entry> entries) {}

    /** A disclosure whose customer is still to be looked up. */
    private record Found(Row row, int index) {
        Several.Entry entry() {
            return row.entries().get(index);
        }
    }

    /** What rows are looked for. */
    record Search(
            @Nullable String storeHash,
            @Nullable String clientId,
            @Nullable Long customerKey,
            Span span) {}

    private final Database database;

    /** Disclosures in a database. */
    public Disclosures(Database database) {
        this.database = database;
    }

    /**
     * A page of a store's disclosures.
     *
     * @param after where the page before it ended, or {@link Cursor#START}
     * @param limit 1 to {@link Page#MOST}
     */
    public Page<Disclosure> ofStore(String storeHash, DisclosureFilter filter, Cursor after, int limit) {
        Page.checked(limit);
        return database.with(handle -> {
            Long customerKey = null;
            if (filter.customerId().isPresent()) {
                Optional<Long> key =
                        customerKey(handle, storeHash, filter.customerId().getAsLong());
                if (key.isEmpty()) {
                    return new Page<>(List.of(), Optional.empty());
                }
                customerKey = key.get();
            }
            Search search = new Search(storeHash, filter.clientId().orElse(null), customerKey, filter.span());
            return page(handle, search, after, limit);
        });
    }

    /**
     * A page of what an app received, at all stores: for its owner. What another app received under the same client id is
     * not part of it.
     *
     * @param after where the page before it ended, or {@link Cursor#START}
     * @param limit 1 to {@link Page#MOST}
     */
    public Page<Disclosure> ofApp(String clientId, Span span, Cursor after, int limit) {
        Page.checked(limit);
        return database.with(handle -> AppTime.of(handle, clientId, span)
                .map(time -> page(handle, new Search(null, clientId, null, time), after, limit))
                .orElse(new Page<>(List.of(), Optional.empty())));
    }

    /**
     * Writes a store's disclosures as CSV (RFC 4180, with a header), page by page, so that it takes little memory however many
     * there are.
     *
     * @throws IOException when they cannot be written there
     */
    public void export(String storeHash, DisclosureFilter filter, Appendable out) throws IOException {
        Csv.row(out, COLUMNS);
        Optional<Cursor> next = Optional.of(Cursor.START);
        while (next.isPresent()) {
            Page<Disclosure> page = ofStore(storeHash, filter, next.get(), Page.MOST);
            for (Disclosure disclosure : page.items()) {
                OptionalLong customer = disclosure.customerId();
                Csv.row(
                        out,
                        disclosure.at().toString(),
                        disclosure.storeHash(),
                        disclosure.clientId(),
                        customer.isPresent() ? Long.toString(customer.getAsLong()) : "",
                        String.join(" ", disclosure.claims()),
                        Long.toString(disclosure.secretId()));
            }
            next = page.next();
        }
    }

    private static Page<Disclosure> page(Handle handle, Search search, Cursor after, int limit) {
        List<Found> found = new ArrayList<>();
        Cursor last = after;
        int searched = 0;
        boolean more = true;
        while (more && found.size() < limit && searched < MOST_ROWS) {
            List<Row> rows = rows(handle, search, last, Math.min(ROWS, limit + 1));
            for (Row row : rows) {
                for (int i = row.entries().size() - 1; i >= 0 && found.size() < limit; i--) {
                    boolean isAfter = row.id() != last.id() || i < last.index();
                    if (isAfter && matches(search, row.entries().get(i))) {
                        found.add(new Found(row, i));
                    }
                }
                if (found.size() == limit) {
                    break;
                }
                last = new Cursor(row.at(), row.id(), 0);
            }
            searched += rows.size();
            more = found.size() == limit || rows.size() == Math.min(ROWS, limit + 1);
            if (found.size() == limit) {
                Found end = found.getLast();
                last = new Cursor(end.row().at(), end.row().id(), end.index());
            }
        }
        if (more && found.size() == limit) {
            more = !rows(handle, search, last, 1).isEmpty();
        }
        return new Page<>(disclosures(handle, found), more ? Optional.of(last) : Optional.empty());
    }

    private static boolean matches(Search search, Several.Entry entry) {
        return search.span().contains(entry.at())
                && (search.customerKey() == null || search.customerKey() == entry.customerKey());
    }

    private static List<Row> rows(Handle handle, Search search, Cursor last, int limit) {
        return query(handle, "", search, last, limit).map((row, _) -> row(row)).list();
    }

    /** The query for rows, with something before it. */
    static Query query(Handle handle, String before, Search search, Cursor last, int limit) {
        String picked = "select * from disclosure where disclosed_at >= :from and disclosed_at < :to"
                + (search.storeHash() == null ? "" : " and store_hash = :store")
                + (search.clientId() == null ? "" : " and client_id = :client")
                // A row with several disclosures may have more after the last one.
                + " and disclosed_at <= :at and (disclosed_at < :at or disclosure_id < :id"
                + " or (disclosure_id = :id and :index > 0))";
        // The columns that have one value are named too: only then does H2 read the index in its order.
        String same = search.storeHash() == null ? "" : "store_hash, ";
        String sql = search.customerKey() == null
                ? picked + latest(search.clientId() == null ? same : same + "client_id, ", limit)
                // Two ranges of one index: the customer's own rows, and those that may have them among others.
                : "select * from ((" + picked + " and customer_key = :customer"
                        + latest(same + "customer_key, ", limit) + ") union all (" + picked
                        + " and customer_key is null and several is not null"
                        + latest(same + "customer_key, ", limit) + ")) found" + latest("", limit);
        Query query = handle.createQuery(before + sql)
                .bind("from", Database.moment(search.span().from().minus(Several.SPAN)))
                .bind("to", Database.moment(search.span().to()))
                .bind("at", Database.moment(last.at()))
                .bind("id", last.id())
                .bind("index", last.index());
        if (search.storeHash() != null) {
            query.bind("store", search.storeHash());
        }
        if (search.clientId() != null) {
            query.bind("client", search.clientId());
        }
        if (search.customerKey() != null) {
            query.bind("customer", search.customerKey());
        }
        return query;
    }

    private static String latest(String same, int limit) {
        return " order by " + same + "disclosed_at desc, disclosure_id desc fetch first " + limit + " rows only";
    }

    private static Row row(ResultSet row) throws SQLException {
        Instant at = row.getObject("disclosed_at", OffsetDateTime.class).toInstant();
        byte[] several = row.getBytes("several");
        return new Row(
                at,
                row.getLong("disclosure_id"),
                row.getString("store_hash"),
                row.getString("client_id"),
                List.of(row.getString("claims").split(" ", -1)),
                row.getLong("secret_id"),
                several == null
                        // Erased, it is 0.
                        ? List.of(new Several.Entry(at, row.getLong("customer_key")))
                        : Several.read(at, several));
    }

    private static List<Disclosure> disclosures(Handle handle, List<Found> found) {
        Map<Long, Long> ids = customerIds(
                handle,
                found.stream()
                        .map(each -> each.entry().customerKey())
                        .distinct()
                        .toList());
        return found.stream()
                .map(each -> {
                    Long customerId = ids.get(each.entry().customerKey());
                    return new Disclosure(
                            each.entry().at(),
                            each.row().storeHash(),
                            each.row().clientId(),
                            each.row().claims(),
                            each.row().secretId(),
                            customerId == null ? OptionalLong.empty() : OptionalLong.of(customerId));
                })
                .toList();
    }

    private static Optional<Long> customerKey(Handle handle, String storeHash, long customerId) {
        return handle.createQuery("select customer_key from customer c where store_hash = ? and customer_id = ?"
                        + " and not exists (select 1 from erased_customer e where e.customer_key = c.customer_key)")
                .bind(0, storeHash)
                .bind(1, customerId)
                .mapTo(Long.class)
                .findOne();
    }

    private static Map<Long, Long> customerIds(Handle handle, Collection<Long> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        Map<Long, Long> ids = new HashMap<>();
        handle.createQuery("select customer_key, customer_id from customer c where customer_key in (<keys>)"
                        + " and not exists (select 1 from erased_customer e where e.customer_key = c.customer_key)")
                .bindList("keys", List.copyOf(keys))
                .map((row, _) -> Map.entry(row.getLong(1), row.getLong(2)))
                .forEach(found -> ids.put(found.getKey(), found.getValue()));
        return ids;
    }
}
