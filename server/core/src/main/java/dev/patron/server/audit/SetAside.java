package dev.patron.server.audit;

import dev.patron.server.sql.Database;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Records of the ledger that the database has refused, in the table {@code ledger_set_aside}: there for an operator to look
 * at, and out of the way of the others. 10,000 at most. They are in no list, count or download of the ledger.
 *
 * @param count how many there are
 * @param newest the newest few, the newest first: when, what and why, and no customer
 */
public record SetAside(long count, List<String> newest) {

    /** How many there are at most. */
    static final int MOST = 10_000;

    private static final int SHOWN = 3;
    private static final int LONGEST_VALUE = 300;
    private static final int LONGEST_FAULT = 100;

    /** What is there now. */
    public static SetAside read(Database database) {
        return database.with(handle -> new SetAside(
                count(handle),
                handle.createQuery("select set_aside_at, kind, record, fault from ledger_set_aside"
                                + " order by set_aside_id desc fetch first ? rows only")
                        .bind(0, SHOWN)
                        .map((row, _) -> row.getString("kind") + " (" + row.getString("record") + "), refused for "
                                + row.getString("fault"))
                        .list()));
    }

    /**
     * Adds the only record of a batch.
     *
     * @return false when there is no room
     */
    static boolean add(Handle transaction, Batch single, String fault, Instant now) {
        if (count(transaction) >= MOST) {
            return false;
        }
        single.disclosures().forEach((common, series) -> {
            Long customerKey = series.customerKey(0);
            boolean erased = transaction
                    .createQuery("select 1 from erased_customer where customer_key = ?")
                    .bind(0, customerKey)
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent();
            insert(
                    transaction,
                    now,
                    "disclosure",
                    text(
                            "at", series.at(0).toString(),
                            "store", common.storeHash(),
                            "app", common.clientId(),
                            "claims", common.claims(),
                            "secret", Long.toString(common.secretId())),
                    erased ? null : customerKey,
                    fault);
        });
        single.refusals()
                .counts()
                .forEach((kind, times) -> insert(
                        transaction,
                        now,
                        "refusals",
                        text(
                                "hour", kind.hour().toString(),
                                "host", kind.host(),
                                "app", kind.clientId(),
                                "reason", kind.reason(),
                                "times", times.toString()),
                        null,
                        fault));
        for (RefusalCounts.Event event : single.refusals().events()) {
            insert(
                    transaction,
                    now,
                    "refusal",
                    text(
                            "at", event.at().toString(),
                            "host", event.host(),
                            "app", event.clientId(),
                            "reason", event.reason()),
                    null,
                    fault);
        }
        return true;
    }

    /** Removes the key of an erased customer. */
    static void forget(Handle transaction, long customerKey) {
        transaction.execute("update ledger_set_aside set customer_key = null where customer_key = ?", customerKey);
    }

    private static long count(Handle handle) {
        return handle.createQuery("select count(*) from ledger_set_aside")
                .mapTo(Long.class)
                .one();
    }

    private static void insert(
            Handle transaction, Instant now, String kind, String record, @Nullable Long customerKey, String fault) {
        transaction
                .createUpdate("insert into ledger_set_aside (set_aside_at, kind, record, customer_key, fault)"
                        + " values (?, ?, ?, ?, ?)")
                .bind(0, Database.moment(now))
                .bind(1, kind)
                .bind(2, record)
                .bind(3, customerKey)
                .bind(4, cut(fault, LONGEST_FAULT))
                .execute();
    }

    /** Names and values, which whatever was refused about them cannot keep out of the table. */
    private static String text(String... namesAndValues) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            text.append(i == 0 ? "" : " ")
                    .append(namesAndValues[i])
                    .append('=')
                    .append(cut(printable(namesAndValues[i + 1]), LONGEST_VALUE));
        }
        return text.toString();
    }

    private static String printable(String value) {
        StringBuilder text = new StringBuilder();
        value.chars().forEach(letter -> {
            if (letter > ' ' && letter < 127 && letter != '\\') {
                text.append((char) letter);
            } else {
                text.append(String.format("\\u%04x", letter));
            }
        });
        return text.toString();
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
