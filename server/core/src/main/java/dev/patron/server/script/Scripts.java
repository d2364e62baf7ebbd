package dev.patron.server.script;

import dev.patron.server.sql.Database;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.text.VisibleText;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

/** The scripts of each store. A script of one store does not exist at another. Thread-safe. */
public final class Scripts {

    /** The most scripts that a store may have: each page view reads those of its kind. */
    public static final int MAX_PER_STORE = 50;

    private static final RowMapper<Script> SCRIPT = (row, context) -> {
        Set<PageKind> pages = EnumSet.noneOf(PageKind.class);
        if (!row.getBoolean("on_every_page")) {
            for (PageKind kind : PageKind.values()) {
                if (row.getBoolean(kind.column())) {
                    pages.add(kind);
                }
            }
        }
        return new Script(
                row.getLong("script_id"),
                row.getString("store_hash"),
                new ScriptDetails(
                        row.getString("name"),
                        Place.valueOf(row.getString("place")),
                        pages,
                        row.getString("contents"),
                        row.getBoolean("enabled"),
                        row.getInt("run_order")),
                row.getLong("revision"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    };

    private record Placed(Place place, String contents) {}

    private final Database database;
    private final InstantSource clock;

    /** Scripts kept in a database. */
    public Scripts(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Adds a script to a store.
     *
     * @return the script, if there is such a store
     * @throws InvalidScriptException when the store has {@link #MAX_PER_STORE} scripts already, or the name has a character that
     *     cannot be seen
     */
    public Optional<Script> create(String storeHash, ScriptDetails details) {
        return database.transaction(handle -> create(handle, storeHash, details));
    }

    /** The same, in the transaction of whoever keeps something beside the script. */
    public Optional<Script> create(Handle handle, String storeHash, ScriptDetails details) {
        requireVisibleName(details);
        // Locks the store, so that two additions are counted one after the other.
        boolean known = handle.createQuery("select 1 from store where store_hash = ? for update")
                .bind(0, storeHash)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!known) {
            return Optional.empty();
        }
        int already = handle.createQuery("select count(*) from script where store_hash = ?")
                .bind(0, storeHash)
                .mapTo(Integer.class)
                .one();
        if (already >= MAX_PER_STORE) {
            throw new InvalidScriptException(
                    "scripts", "A store has at most " + MAX_PER_STORE + " scripts. Remove one first.");
        }
        long id = bind(
                        handle.createUpdate("insert into script (store_hash, name, place, on_every_page, on_front,"
                                + " on_category, on_product, contents, enabled, run_order, revision, created_at,"
                                + " updated_at) values (:store, :name, :place, :every, :front, :category, :product,"
                                + " :contents, :enabled, :order, 1, :now, :now)"),
                        details)
                .bind("store", storeHash)
                .bind("now", Database.moment(clock.instant()))
                .executeAndReturnGeneratedKeys("script_id")
                .mapTo(Long.class)
                .one();
        return find(handle, storeHash, id, "");
    }

    /** The script with this id, if the store has one. */
    public Optional<Script> find(String storeHash, long id) {
        return database.with(handle -> find(handle, storeHash, id, ""));
    }

    /** The scripts of a store, in the order in which they run; those of the head first. */
    public List<Script> list(String storeHash) {
        return database.with(handle -> handle.createQuery(
                        "select * from script where store_hash = ? order by case place when 'HEAD' then 0 else 1 end,"
                                + " run_order, script_id")
                .bind(0, storeHash)
                .map(SCRIPT)
                .list());
    }

    /** What a shop page has of its store's scripts, as they are at this moment. One query. */
    public PageScripts on(String storeHash, PageKind kind) {
        List<Placed> placed = database.with(handle -> handle.createQuery(
                        "select place, contents from script where store_hash = ? and enabled and (on_every_page or "
                                + kind.column() + ") order by run_order, script_id")
                .bind(0, storeHash)
                .map((row, context) -> new Placed(Place.valueOf(row.getString("place")), row.getString("contents")))
                .list());
        List<String> head = new ArrayList<>();
        List<String> footer = new ArrayList<>();
        for (Placed script : placed) {
            switch (script.place()) {
                case HEAD -> head.add(script.contents());
                case FOOTER -> footer.add(script.contents());
            }
        }
        return new PageScripts(head, footer);
    }

    /**
     * Changes a script; pages have it so from their next view on. A change to what it is already changes nothing.
     *
     * @param revision the revision from which the change was made, or none to change whatever is there
     * @param change from the details as they are to those that they become
     * @return the script as it is now, if the store has it
     * @throws RevisionConflictException when it has another revision; then nothing is changed
     */
    public Optional<Script> update(
            String storeHash, long id, OptionalLong revision, UnaryOperator<ScriptDetails> change) {
        return database.transaction(handle -> update(handle, storeHash, id, revision, change));
    }

    /** The same, in the transaction of whoever keeps something beside the script. */
    public Optional<Script> update(
            Handle handle, String storeHash, long id, OptionalLong revision, UnaryOperator<ScriptDetails> change) {
        Optional<Script> found = lock(handle, storeHash, id, revision);
        if (found.isEmpty()) {
            return found;
        }
        ScriptDetails details = change.apply(found.get().details());
        if (details.equals(found.get().details())) {
            return found;
        }
        if (!details.name().equals(found.get().details().name())) {
            requireVisibleName(details);
        }
        bind(
                        handle.createUpdate("update script set name = :name, place = :place,"
                                + " on_every_page = :every, on_front = :front, on_category = :category,"
                                + " on_product = :product, contents = :contents, enabled = :enabled,"
                                + " run_order = :order, revision = revision + 1, updated_at = :now"
                                + " where store_hash = :store and script_id = :id"),
                        details)
                .bind("store", storeHash)
                .bind("id", id)
                .bind("now", Database.moment(clock.instant()))
                .execute();
        return find(handle, storeHash, id, "");
    }

    /**
     * Removes a script for good.
     *
     * @param revision the revision that is to be removed, or none to remove whatever is there
     * @return whether the store had it
     * @throws RevisionConflictException when it has another revision; then nothing is removed
     */
    public boolean remove(String storeHash, long id, OptionalLong revision) {
        return database.transaction(handle -> {
            if (lock(handle, storeHash, id, revision).isEmpty()) {
                return false;
            }
            handle.execute("delete from script where store_hash = ? and script_id = ?", storeHash, id);
            return true;
        });
    }

    /** Only for new names: scripts that were kept before this rule are shown as they are. */
    private static void requireVisibleName(ScriptDetails details) {
        if (VisibleText.isEmpty(details.name())) {
            throw new InvalidScriptException("name", "A script's name has 1 to 200 characters that can be seen.");
        }
        VisibleText.fault(details.name()).ifPresent(fault -> {
            throw new InvalidScriptException("name", "A script's name: " + fault);
        });
    }

    /** The script, which no other transaction changes before this one ends. */
    private static Optional<Script> lock(Handle transaction, String storeHash, long id, OptionalLong revision) {
        Optional<Script> found = find(transaction, storeHash, id, " for update");
        found.ifPresent(script -> RevisionConflictException.unlessCurrent(revision, script.revision()));
        return found;
    }

    private static Optional<Script> find(Handle handle, String storeHash, long id, String lock) {
        return handle.createQuery("select * from script where store_hash = ? and script_id = ?" + lock)
                .bind(0, storeHash)
                .bind(1, id)
                .map(SCRIPT)
                .findOne();
    }

    private static Update bind(Update statement, ScriptDetails details) {
        return statement
                .bind("name", details.name())
                .bind("place", details.place().name())
                .bind("every", details.pages().isEmpty())
                .bind("front", details.pages().contains(PageKind.FRONT))
                .bind("category", details.pages().contains(PageKind.CATEGORY))
                .bind("product", details.pages().contains(PageKind.PRODUCT))
                .bind("contents", details.contents())
                .bind("enabled", details.enabled())
                .bind("order", details.order());
    }
}
