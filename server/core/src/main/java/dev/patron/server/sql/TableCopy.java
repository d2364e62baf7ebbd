package dev.patron.server.sql;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies the rows of one table to a table of the same name, and says what is in either. */
final class TableCopy {

    /**
     * What is in a table: how many rows, and a sum of their hashes, which no order of theirs changes.
     *
     * @param checksum 64 hexadecimal digits
     */
    record Content(long rows, String checksum) {}

    private static final int BATCH = 1_000;
    private static final BigInteger MODULUS = BigInteger.TWO.pow(256);

    private final String table;
    private final List<String> columns;
    private final List<Integer> types;

    private TableCopy(String table, List<String> columns, List<Integer> types) {
        this.table = table;
        this.columns = columns;
        this.types = types;
    }

    /** The columns are those of the table that is copied. */
    static TableCopy of(Connection from, String table) throws SQLException {
        try (Statement statement = from.createStatement();
                ResultSet nothing = statement.executeQuery("select * from " + table + " where 1 = 0")) {
            ResultSetMetaData data = nothing.getMetaData();
            List<String> columns = new ArrayList<>();
            List<Integer> types = new ArrayList<>();
            for (int column = 1; column <= data.getColumnCount(); column++) {
                columns.add(data.getColumnName(column));
                types.add(data.getColumnType(column));
            }
            return new TableCopy(table, columns, types);
        }
    }

    /** Copies all rows, as part of the transaction of the second connection; says what was read. */
    Content copy(Connection from, Connection to) throws SQLException {
        String sql = "insert into " + table + " (" + String.join(", ", columns) + ") values ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        Sum sum = new Sum();
        try (Statement reading = from.createStatement();
                PreparedStatement writing = to.prepareStatement(sql)) {
            reading.setFetchSize(BATCH);
            try (ResultSet rows = reading.executeQuery(select())) {
                while (rows.next()) {
                    List<@Nullable Object> values = values(rows);
                    sum.add(values);
                    for (int i = 0; i < values.size(); i++) {
                        writing.setObject(i + 1, values.get(i));
                    }
                    writing.addBatch();
                    if (sum.rows % BATCH == 0) {
                        writing.executeBatch();
                    }
                }
                writing.executeBatch();
            }
        }
        return sum.content();
    }

    /** Reads what is in the table. */
    Content read(Connection connection) throws SQLException {
        Sum sum = new Sum();
        try (Statement reading = connection.createStatement()) {
            reading.setFetchSize(BATCH);
            try (ResultSet rows = reading.executeQuery(select())) {
                while (rows.next()) {
                    sum.add(values(rows));
                }
            }
        }
        return sum.content();
    }

    private String select() {
        return "select " + String.join(", ", columns) + " from " + table;
    }

    private List<@Nullable Object> values(ResultSet row) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            Object value = switch (types.get(i)) {
                case Types.VARCHAR -> row.getString(i + 1);
                case Types.BIGINT, Types.INTEGER -> row.getLong(i + 1);
                case Types.BOOLEAN -> row.getBoolean(i + 1);
                case Types.BINARY, Types.VARBINARY -> row.getBytes(i + 1);
                case Types.TIMESTAMP_WITH_TIMEZONE -> row.getObject(i + 1, OffsetDateTime.class);
                default -> throw new IllegalStateException(table + "." + columns.get(i) + " has a type of its own");
            };
            values.add(row.wasNull() ? null : value);
        }
        return values;
    }

    private static final class Sum {

        private final MessageDigest digest = sha256();
        private BigInteger sum = BigInteger.ZERO;
        private long rows;

        void add(List<@Nullable Object> values) {
            StringBuilder row = new StringBuilder();
            for (Object value : values) {
                String text = switch (value) {
                    case null -> "-";
                    case byte[] bytes -> HexFormat.of().formatHex(bytes);
                    case OffsetDateTime moment -> moment.toInstant().toString();
                    default -> value.toString();
                };
                // With its length, so that no two rows look alike.
                row.append(value == null ? -1 : text.length()).append(':').append(text);
            }
            byte[] hash = digest.digest(row.toString().getBytes(StandardCharsets.UTF_8));
            sum = sum.add(new BigInteger(1, hash)).mod(MODULUS);
            rows++;
        }

        Content content() {
            return new Content(rows, String.format("%064x", sum));
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
