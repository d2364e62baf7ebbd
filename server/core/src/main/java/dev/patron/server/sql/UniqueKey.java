package dev.patron.server.sql;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A primary key or unique constraint. PostgreSQL calls a broken one by its name, and H2 by its table and columns: constraints
 * without a name of their own have another one in each.
 *
 * @param name what PostgreSQL calls it; empty where only H2 has spoken
 * @param columns in the order of the constraint; empty where only PostgreSQL has spoken
 */
public record UniqueKey(String name, String table, List<String> columns) {

    /** H2's message names the table and columns before it quotes any value. */
    private static final Pattern IN_H2 = Pattern.compile("\"[^\"']*? ON public\\.(\\w+)\\(([^)']*)\\)");

    /** The primary key of a table, which the migrations give no name. */
    public static UniqueKey primary(String table, String... columns) {
        return new UniqueKey(table + "_pkey", table, List.of(columns));
    }

    /** A unique column of a table, which the migrations give no name. */
    public static UniqueKey column(String table, String column) {
        return new UniqueKey(table + "_" + column + "_key", table, List.of(column));
    }

    /** A constraint that the migrations name. */
    public static UniqueKey named(String name, String table, String... columns) {
        return new UniqueKey(name, table, List.of(columns));
    }

    boolean isSame(UniqueKey broken) {
        return table.equals(broken.table)
                && (broken.name.isEmpty() ? columns.equals(broken.columns) : name.equals(broken.name));
    }

    /** The constraint that a failure is about, if it tells. */
    static Optional<UniqueKey> brokenIn(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = next(cause)) {
            Optional<UniqueKey> told = cause instanceof PSQLException postgreSql
                    ? Optional.ofNullable(postgreSql.getServerErrorMessage()).flatMap(UniqueKey::told)
                    : told(Objects.requireNonNullElse(cause.getMessage(), ""));
            if (told.isPresent()) {
                return told;
            }
        }
        return Optional.empty();
    }

    /** Of a batch, the failure of its statement comes next. */
    private static @Nullable Throwable next(Throwable failure) {
        return failure instanceof SQLException sql && sql.getNextException() != null
                ? sql.getNextException()
                : failure.getCause();
    }

    private static Optional<UniqueKey> told(ServerErrorMessage message) {
        return Optional.ofNullable(message.getConstraint())
                .map(name -> new UniqueKey(name, Objects.requireNonNullElse(message.getTable(), ""), List.of()));
    }

    private static Optional<UniqueKey> told(String h2) {
        Matcher matcher = IN_H2.matcher(h2);
        return matcher.find()
                ? Optional.of(new UniqueKey(
                        "",
                        matcher.group(1),
                        Stream.of(matcher.group(2).split(",", -1))
                                .map(column -> column.strip().split(" ", -1)[0])
                                .toList()))
                : Optional.empty();
    }
}
