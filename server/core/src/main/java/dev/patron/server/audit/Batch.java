package dev.patron.server.audit;

import dev.patron.server.audit.RefusalCounts.Event;
import dev.patron.server.audit.RefusalCounts.Kind;
import dev.patron.server.audit.Waiting.Common;
import dev.patron.server.sql.Database;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What is written in one transaction: disclosures, refusals, and what they add to the hourly counts.
 *
 * @param number raised with each batch of a process that is tried; {@link #UNNUMBERED} before
 */
record Batch(long number, Waiting disclosures, RefusalCounts.Taken refusals) {

    /** The number of a batch that was not tried yet. */
    static final long UNNUMBERED = 0;

    /** Batches with more disclosures have some of them share a row; see {@link Several}. */
    private static final int ROW_EACH = 100;

    private static final int NAMES_PER_QUERY = 250;

    /** Which of the hosts and client ids that the refusals name there are. */
    record Known(Map<String, String> storesByHost, Set<String> clientIds) {}

    /** A row of {@code hourly_count}. Batches change rows in this order, so that no two wait for each other. */
    private record Hourly(Instant hour, String storeHash, String clientId, String outcome)
            implements Comparable<Hourly> {
        @Override
        public int compareTo(Hourly other) {
            int order = hour.compareTo(other.hour);
            order = order == 0 ? storeHash.compareTo(other.storeHash) : order;
            order = order == 0 ? clientId.compareTo(other.clientId) : order;
            return order == 0 ? outcome.compareTo(other.outcome) : order;
        }
    }

    /** A row of {@code disclosure}. */
    private record Row(Common common, Instant at, List<Several.Entry> entries) {}

    /**
     * Writes the batch, unless it was written already and the answer was lost.
     *
     * @return what there is of what the refusals name
     */
    Known write(Handle transaction, long writerId, Instant now) {
        Known known = known(transaction);
        if (begin(transaction, writerId, now)) {
            insertDisclosures(transaction);
            insertRefusals(transaction, known);
            count(transaction, known);
            noteSecrets(transaction);
        }
        return known;
    }

    /**
     * Sets the only record of the batch aside, unless it was done already and the answer was lost.
     *
     * @return false when there is no room
     */
    boolean setAside(Handle transaction, long writerId, String fault, Instant now) {
        return !begin(transaction, writerId, now) || SetAside.add(transaction, this, fault, now);
    }

    /** The same under a number. */
    Batch numbered(long number) {
        return new Batch(number, disclosures, refusals);
    }

    /** How many records it has. */
    int size() {
        return disclosures.size() + refusals.size();
    }

    /** The same in two batches that are still to be numbered. It must have more than one record. */
    List<Batch> halves() {
        if (disclosures.size() > 0 && !refusals.isEmpty()) {
            return List.of(
                    new Batch(UNNUMBERED, disclosures, RefusalCounts.Taken.NOTHING),
                    new Batch(UNNUMBERED, new Waiting(), refusals));
        }
        return disclosures.size() > 0
                ? disclosures.halves().stream()
                        .map(half -> new Batch(UNNUMBERED, half, RefusalCounts.Taken.NOTHING))
                        .toList()
                : refusals.halves().stream()
                        .map(half -> new Batch(UNNUMBERED, new Waiting(), half))
                        .toList();
    }

    /** Whether the batch is still to be written; if it is, it counts as written from here on. */
    private boolean begin(Handle transaction, long writerId, Instant now) {
        transaction.execute(
                "insert into ledger_writer (writer_id, batch, written_at) values (?, 0, ?) on conflict do nothing",
                writerId,
                Database.moment(now));
        return transaction.execute(
                        "update ledger_writer set batch = ?, written_at = ? where writer_id = ? and batch < ?",
                        number,
                        Database.moment(now),
                        writerId,
                        number)
                == 1;
    }

    private void insertDisclosures(Handle transaction) {
        if (disclosures.size() == 0) {
            return;
        }
        PreparedBatch rows =
                transaction.prepareBatch("insert into disclosure (disclosed_at, store_hash, client_id, claims,"
                        + " secret_id, customer_key, several) values (?, ?, ?, ?, ?, ?, ?)");
        for (Row row : rows()) {
            boolean one = row.entries().size() == 1;
            rows.bind(0, Database.moment(row.at()))
                    .bind(1, row.common().storeHash())
                    .bind(2, row.common().clientId())
                    .bind(3, row.common().claims())
                    .bind(4, row.common().secretId())
                    .bind(5, one ? row.entries().getFirst().customerKey() : null)
                    .bind(6, one ? null : Several.write(row.at(), row.entries()))
                    .add();
        }
        rows.execute();
    }

    /** The rows in the order of their first disclosures, or nearly so. */
    private List<Row> rows() {
        boolean rowEach = disclosures.size() <= ROW_EACH;
        List<Row> rows = new ArrayList<>();
        disclosures.forEach((common, series) -> {
            Row row = null;
            for (int i = 0; i < series.size(); i++) {
                Instant at = series.at(i);
                if (rowEach || row == null || !hasRoom(row, at)) {
                    row = new Row(common, at, new ArrayList<>());
                    rows.add(row);
                }
                row.entries().add(new Several.Entry(at, series.customerKey(i)));
            }
        });
        // Rows lie nearly in the order of time, whatever they are about: the retention relies on that.
        rows.sort(Comparator.comparing(Row::at));
        return rows;
    }

    private static boolean hasRoom(Row row, Instant at) {
        // Of two requests the later one may be recorded first.
        return row.entries().size() < Several.MOST
                && !at.isBefore(row.at())
                && at.isBefore(row.at().plus(Several.SPAN));
    }

    private void insertRefusals(Handle transaction, Known known) {
        if (refusals.events().isEmpty()) {
            return;
        }
        PreparedBatch rows = transaction.prepareBatch(
                "insert into refusal (refused_at, store_hash, client_id, reason) values (?, ?, ?, ?)");
        for (Event event : refusals.events()) {
            rows.bind(0, Database.moment(event.at()))
                    .bind(1, known.storesByHost().getOrDefault(event.host(), ""))
                    .bind(2, known.clientIds().contains(event.clientId()) ? event.clientId() : "")
                    .bind(3, event.reason())
                    .add();
        }
        rows.execute();
    }

    private void count(Handle transaction, Known known) {
        Map<Hourly, Long> counts = new TreeMap<>();
        disclosures.forEach((common, series) -> {
            for (int i = 0; i < series.size(); i++) {
                Instant hour = series.at(i).truncatedTo(ChronoUnit.HOURS);
                Hourly row = new Hourly(hour, common.storeHash(), common.clientId(), HourlyCount.ISSUED);
                counts.merge(row, 1L, Long::sum);
            }
        });
        refusals.counts()
                .forEach((kind, times) -> counts.merge(
                        new Hourly(
                                kind.hour(),
                                known.storesByHost().getOrDefault(kind.host(), ""),
                                known.clientIds().contains(kind.clientId()) ? kind.clientId() : "",
                                kind.reason()),
                        times,
                        Long::sum));
        PreparedBatch missing = transaction.prepareBatch(
                "insert into hourly_count (begins_at, store_hash, client_id, outcome, times) values (?, ?, ?, ?, 0)"
                        + " on conflict do nothing");
        PreparedBatch raised = transaction.prepareBatch("update hourly_count set times = times + ? where begins_at = ?"
                + " and store_hash = ? and client_id = ? and outcome = ?");
        counts.forEach((row, times) -> {
            missing.bind(0, Database.moment(row.hour()))
                    .bind(1, row.storeHash())
                    .bind(2, row.clientId())
                    .bind(3, row.outcome())
                    .add();
            raised.bind(0, times)
                    .bind(1, Database.moment(row.hour()))
                    .bind(2, row.storeHash())
                    .bind(3, row.clientId())
                    .bind(4, row.outcome())
                    .add();
        });
        missing.execute();
        raised.execute();
    }

    private void noteSecrets(Handle transaction) {
        Map<Long, Instant> lastSigned = new TreeMap<>();
        disclosures.forEach((common, series) -> {
            for (int i = 0; i < series.size(); i++) {
                lastSigned.merge(common.secretId(), series.at(i), (one, other) -> one.isAfter(other) ? one : other);
            }
        });
        lastSigned.forEach((secretId, at) -> transaction.execute(
                "update app_secret set last_signed_at = ?"
                        + " where secret_id = ? and (last_signed_at is null or last_signed_at < ?)",
                Database.moment(at),
                secretId,
                Database.moment(at)));
    }

    private Known known(Handle transaction) {
        Map<String, String> stores = new LinkedHashMap<>();
        for (List<String> some : chunks(kinds().map(Kind::host))) {
            transaction
                    .createQuery("select host, store_hash from store_host where host in (<names>)")
                    .bindList("names", some)
                    .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(found -> stores.put(found.getKey(), found.getValue()));
        }
        Set<String> clientIds = new HashSet<>();
        for (List<String> some : chunks(kinds().map(Kind::clientId))) {
            transaction
                    .createQuery("select client_id from app where client_id in (<names>)")
                    .bindList("names", some)
                    .mapTo(String.class)
                    .forEach(clientIds::add);
        }
        return new Known(stores, clientIds);
    }

    /** The counted kinds, and those of the events: an event may name what its count no longer tells apart. */
    private Stream<Kind> kinds() {
        return Stream.concat(
                refusals.counts().keySet().stream(),
                refusals.events().stream()
                        .map(event -> new Kind(event.at(), event.host(), event.clientId(), event.reason())));
    }

    private static List<List<String>> chunks(Stream<String> names) {
        List<String> distinct = names.filter(name -> !name.isEmpty()).distinct().toList();
        List<List<String>> chunks = new ArrayList<>();
        for (int from = 0; from < distinct.size(); from += NAMES_PER_QUERY) {
            chunks.add(distinct.subList(from, Math.min(distinct.size(), from + NAMES_PER_QUERY)));
        }
        return chunks;
    }
}
