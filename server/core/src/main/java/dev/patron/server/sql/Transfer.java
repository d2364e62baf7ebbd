package dev.patron.server.sql;

import dev.patron.server.options.InvalidOptionException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.jdbi.v3.core.Handle;

/**
 * Copies everything from the embedded database to an empty PostgreSQL database, while no server runs on either. Tables that
 * lead to each other are copied in one transaction, each compared by count and checksum before it is committed. When it is
 * cut off, it goes on with the next table; until it is done, no server starts on the copy.
 */
public final class Transfer {

    /** Why it could not be done. */
    public static final class RefusedTransferException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedTransferException(String message) {
            super(message);
        }
    }

    /** The row that says that it has begun. */
    private static final String BEGUN = "";

    private static final String PROGRESS = "transferred_table";

    private final Database from;
    private final Database to;

    /** A transfer between two databases whose tables are those of this version. */
    public Transfer(Database from, Database to) {
        this.from = from;
        this.to = to;
    }

    /**
     * Refuses a database that a transfer was begun to and not finished.
     *
     * @throws InvalidOptionException saying so
     */
    public static void requireFinished(Database database) {
        long begun = database.with(handle -> handle.createQuery("select count(*) from " + PROGRESS)
                .mapTo(Long.class)
                .one());
        if (begun > 0) {
            throw new InvalidOptionException("patron.database.url: Not everything has been copied to this database yet."
                    + " Run ./patron migrate again, until it says that it is done.");
        }
    }

    /**
     * Copies everything, or what is still missing.
     *
     * @param leaveUnknown whether to leave out tables that the server does not know, such as the sandbox's
     * @param copied is told each table and how many rows it has, once it is copied and compared
     * @throws RefusedTransferException when the copy would not be whole, or not be alone there
     */
    public void run(boolean leaveUnknown, BiConsumer<String, Long> copied) {
        Set<String> tables = tables(from);
        Set<String> unknown = new TreeSet<>(tables);
        unknown.removeAll(tables(to));
        unknown.removeIf(table -> from.<Long>with(handle -> count(handle, table)) == 0);
        if (!unknown.isEmpty() && !leaveUnknown) {
            throw new RefusedTransferException("There are tables that the server does not know: "
                    + String.join(", ", unknown) + ". Leave them behind with --leave-unknown.");
        }
        tables.retainAll(tables(to));
        begin(tables);
        Set<String> done = to.with(handle -> new HashSet<>(handle.createQuery("select table_name from " + PROGRESS)
                .mapTo(String.class)
                .list()));
        for (Set<String> group : groups(tables, references())) {
            if (!done.containsAll(group)) {
                copy(group).forEach(copied);
            }
        }
        finish();
    }

    private void begin(Set<String> tables) {
        to.transaction(handle -> {
            if (count(handle, PROGRESS) == 0) {
                for (String table : tables) {
                    if (count(handle, table) > 0) {
                        throw new RefusedTransferException("The PostgreSQL database is not empty: there are rows in "
                                + table + ". Make a new one for the copy.");
                    }
                }
                handle.execute("insert into " + PROGRESS + " values (?, 0, '')", BEGUN);
            }
            return true;
        });
    }

    private Map<String, Long> copy(Set<String> group) {
        return to.patiently(target -> from.query(source -> copy(group, source, target)));
    }

    private static Map<String, Long> copy(Set<String> group, Connection source, Handle target) throws SQLException {
        Map<String, Long> rows = new TreeMap<>();
        List<String> constraints = group.size() > 1 ? defer(target, group) : List.of();
        for (String table : group) {
            TableCopy copy = TableCopy.of(source, table);
            TableCopy.Content read = copy.copy(source, target.getConnection());
            TableCopy.Content written = copy.read(target.getConnection());
            if (!read.equals(written)) {
                throw new RefusedTransferException("The copy of the table " + table + " differs from it: " + read.rows()
                        + " rows were read, and " + written.rows() + " are there, with "
                        + (read.rows() == written.rows() ? "other" : "their") + " content. Nothing of it was kept.");
            }
            target.execute("insert into " + PROGRESS + " values (?, ?, ?)", table, read.rows(), read.checksum());
            rows.put(table, read.rows());
        }
        // No table can be altered while rows of it wait to be checked.
        target.execute("set constraints all immediate");
        for (String table : group) {
            restartIdentity(source, target, table);
        }
        constraints.forEach(target::execute);
        return rows;
    }

    /** Lets rows refer to rows that are copied later in this transaction; returns what takes that back. */
    private static List<String> defer(Handle target, Set<String> group) {
        List<String> restore = new ArrayList<>();
        target.createQuery("select r.relname, c.conname from pg_constraint c join pg_class r on r.oid = c.conrelid"
                        + " where c.contype = 'f' and r.relname in (<tables>)")
                .bindList("tables", List.copyOf(group))
                .map((row, _) -> "alter table " + row.getString(1) + " alter constraint " + row.getString(2))
                .list()
                .forEach(alter -> {
                    target.execute(alter + " deferrable initially deferred");
                    restore.add(alter + " not deferrable");
                });
        return restore;
    }

    /** No id that was given out is given out again, be the row deleted. */
    private static void restartIdentity(Connection source, Handle target, String table) throws SQLException {
        try (var columns = source.prepareStatement("select column_name, identity_base from information_schema.columns"
                + " where table_schema = 'public' and table_name = ? and is_identity = 'YES'")) {
            columns.setString(1, table);
            try (ResultSet column = columns.executeQuery()) {
                while (column.next()) {
                    target.execute("alter table " + table + " alter column " + column.getString(1) + " restart with "
                            + column.getLong(2));
                }
            }
        }
    }

    private void finish() {
        to.transaction(handle -> handle.execute("delete from " + PROGRESS));
    }

    /** Whichever tables a table refers to. */
    private Map<String, Set<String>> references() {
        return from.query(connection -> {
            Map<String, Set<String>> references = new TreeMap<>();
            for (String table : tables(from)) {
                Set<String> referred = new TreeSet<>();
                try (ResultSet key = connection.getMetaData().getImportedKeys(null, "public", table)) {
                    while (key.next()) {
                        referred.add(key.getString("PKTABLE_NAME"));
                    }
                }
                references.put(table, referred);
            }
            return references;
        });
    }

    /** The tables in such an order that none refers to a later one; those that lead to each other are together. */
    static List<Set<String>> groups(Set<String> tables, Map<String, Set<String>> references) {
        List<Set<String>> groups = new ArrayList<>();
        Set<String> placed = new HashSet<>();
        while (placed.size() < tables.size()) {
            Set<String> next = tables.stream()
                    .filter(table -> !placed.contains(table))
                    .map(table -> circle(table, references))
                    .filter(circle -> circle.stream()
                            .flatMap(table -> references.getOrDefault(table, Set.of()).stream())
                            .allMatch(referred -> placed.contains(referred) || circle.contains(referred)))
                    .findFirst()
                    .orElseThrow();
            placed.addAll(next);
            groups.add(next);
        }
        return groups;
    }

    /** A table, and those that it leads to and that lead to it. */
    private static Set<String> circle(String table, Map<String, Set<String>> references) {
        Set<String> circle = new TreeSet<>(reached(table, references));
        circle.removeIf(other -> !reached(other, references).contains(table));
        circle.add(table);
        return circle;
    }

    private static Set<String> reached(String table, Map<String, Set<String>> references) {
        Set<String> reached = new TreeSet<>();
        List<String> open = new ArrayList<>(List.of(table));
        while (!open.isEmpty()) {
            for (String referred : references.getOrDefault(open.removeLast(), Set.of())) {
                if (reached.add(referred)) {
                    open.add(referred);
                }
            }
        }
        return reached;
    }

    private static Set<String> tables(Database database) {
        return database.with(
                handle -> new TreeSet<>(handle.createQuery("select table_name from information_schema.tables"
                                + " where table_schema = 'public' and table_name not like '%schema_history' and table_name <> '"
                                + PROGRESS + "'")
                        .mapTo(String.class)
                        .list()));
    }

    private static long count(Handle handle, String table) {
        return handle.createQuery("select count(*) from " + table)
                .mapTo(Long.class)
                .one();
    }
}
