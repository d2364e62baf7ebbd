package dev.patron.benchmark;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Says how a PostgreSQL server has read the tables that a token is made from, since it counts: how often as a whole, and how
 * often by an index. The environment names the database, as it does to Patron.
 */
public final class Scans {

    private Scans() {}

    /** A line for each table: its name, how often it was read as a whole, and how often by an index. */
    public static void main(String[] arguments) throws SQLException {
        PrintStream out = System.out;
        try (Connection connection = DriverManager.getConnection(
                        System.getenv("PATRON_DATABASE_URL"),
                        System.getenv("PATRON_DATABASE_USER"),
                        System.getenv("PATRON_DATABASE_PASSWORD"));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select relname, seq_scan, coalesce(idx_scan, 0)"
                                + " from pg_stat_user_tables where relname in"
                                + " ('store_host', 'session', 'customer', 'app', 'app_secret', 'app_store') order by relname")) {
            while (row.next()) {
                out.println(row.getString(1) + " " + row.getLong(2) + " " + row.getLong(3));
            }
        }
    }
}
