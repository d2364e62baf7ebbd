package dev.patron.server.audit;

import dev.patron.server.options.Options;
import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Removes what was kept for long enough, in steps of so many rows that nobody waits for them. */
final class Retention {

    /** The most refusals that are kept, however young: an attacker must not fill the disk. */
    static final long MOST_REFUSALS = 1_000_000;

    private static final int STEP = 1_000;

    /** A process that wrote nothing for so long does not try a batch again. */
    private static final Duration WRITER_KEPT = Duration.ofDays(2);

    private final Database database;
    private final Options options;
    private final InstantSource clock;

    Retention(Database database, Options options, InstantSource clock) {
        this.database = database;
        this.options = options;
        this.clock = clock;
    }

    void sweep() {
        Instant now = clock.instant();
        Instant disclosures = now.minus(options.get(Options.LEDGER_DISCLOSURES_KEPT));
        Instant refusals = now.minus(options.get(Options.LEDGER_REFUSALS_KEPT));
        // Rows are nearly in the order of their ids, so the oldest are found without an index.
        steps(
                "delete from disclosure where disclosed_at < ? and disclosure_id in"
                        + " (select disclosure_id from disclosure order by disclosure_id fetch first " + STEP
                        + " rows only)",
                // The last disclosure of a row that has several.
                Database.moment(disclosures.minus(Several.SPAN)));
        steps(
                "delete from refusal where refused_at < ? and refusal_id in"
                        + " (select refusal_id from refusal order by refusal_id fetch first " + STEP + " rows only)",
                Database.moment(refusals));
        steps(
                "delete from refusal where refusal_id <= (select max(refusal_id) from refusal) - ? and refusal_id in"
                        + " (select refusal_id from refusal order by refusal_id fetch first " + STEP + " rows only)",
                MOST_REFUSALS);
        steps(
                "delete from hourly_count where (begins_at, store_hash, client_id, outcome) in"
                        + " (select begins_at, store_hash, client_id, outcome from hourly_count where begins_at < ?"
                        + " order by begins_at fetch first " + STEP + " rows only)",
                Database.moment(disclosures.minus(Duration.ofHours(1))));
        database.transaction(handle ->
                handle.execute("delete from ledger_set_aside where set_aside_at < ?", Database.moment(disclosures)));
        Erasure.finish(database, now);
        // Later than the last row that could have had the key.
        Instant erased = disclosures.minus(Several.SPAN).minus(WRITER_KEPT);
        database.transaction(
                handle -> handle.execute("delete from erased_customer where erased_at < ?", Database.moment(erased)));
        database.transaction(handle -> handle.execute(
                "delete from ledger_writer where written_at < ?", Database.moment(now.minus(WRITER_KEPT))));
    }

    /** Repeats a deletion, each in a transaction of its own, until it finds much less than it would take. */
    private void steps(String deletion, Object bound) {
        int deleted;
        do {
            deleted = database.transaction(handle -> handle.execute(deletion, bound));
        } while (deleted > STEP / 2);
    }
}
