package dev.patron.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL server with data of its own, on a free port of the loopback interface. Root may start it too: it then runs
 * as nobody, since PostgreSQL refuses to run as root. It does not outlive the process that started it. Thread-safe.
 */
public final class PostgreSql implements AutoCloseable {

    /** The role that owns every database. */
    public static final String USER = "patron";

    private static final String READY = "database system is ready to accept connections";

    private final Path folder;
    private final List<String> settings;
    private final String password;
    private final int port;
    private final AtomicInteger databases = new AtomicInteger();
    private final ServerProcess process;

    private PostgreSql(Path folder, List<String> settings, String password, int port) {
        this.folder = folder;
        this.settings = settings;
        this.password = password;
        this.port = port;
        this.process = new ServerProcess(command(), folder, READY);
    }

    /**
     * Starts a server.
     *
     * @param settings of {@code postgresql.conf}, such as {@code fsync=off}
     * @throws IllegalStateException when it does not become ready
     */
    public static PostgreSql start(String... settings) {
        try {
            Path folder = Files.createTempDirectory("patron-postgresql-");
            Programs.unpack(folder);
            byte[] random = new byte[16];
            new SecureRandom().nextBytes(random);
            String password = HexFormat.of().formatHex(random);
            Path passwordFile = Files.writeString(folder.resolve("password"), password);
            OrdinaryUser.give(folder);
            ServerProcess.run(
                    folder,
                    List.of(
                            folder.resolve("bin/initdb").toString(),
                            "--pgdata=" + folder.resolve("data"),
                            "--username=" + USER,
                            "--auth=scram-sha-256",
                            "--pwfile=" + passwordFile,
                            "--encoding=UTF8",
                            "--locale=C",
                            "--no-sync"));
            PostgreSql server = new PostgreSql(folder, List.of(settings), password, FreePort.find());
            server.process.start();
            return server;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The password of {@link #USER}. */
    public String password() {
        return password;
    }

    /** The port that it listens to. */
    public int port() {
        return port;
    }

    /** Where a database is, for JDBC. */
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /**
     * Makes a database under a name of its own.
     *
     * @param template what it is a copy of: PostgreSQL's own {@code "template1"}, or a database that nobody is connected to
     * @return its name
     */
    public String createDatabase(String template) {
        String name = "patron" + databases.incrementAndGet();
        execute("postgres", "create database " + name + " template " + template);
        return name;
    }

    /** Runs a statement as the owner of everything. */
    public void execute(String database, String sql) {
        Properties login = new Properties();
        login.putAll(Map.of("user", USER, "password", password));
        try (Connection connection = DriverManager.getConnection(url(database), login);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Stops it in good order, cutting off whoever is connected, and starts it again. */
    public void restart() {
        stop();
        startAgain();
    }

    /** Stops it in good order, cutting off whoever is connected. */
    public void stop() {
        process.signal("INT");
        process.awaitEnd();
    }

    /** Starts it again. */
    public void startAgain() {
        process.start();
    }

    /** Makes it stand still, connections open: nobody gets an answer. */
    public void freeze() {
        process.signalAll("STOP");
    }

    /** Lets it go on after {@link #freeze}. */
    public void thaw() {
        process.signalAll("CONT");
    }

    @Override
    public void close() {
        process.kill();
        ServerProcess.delete(folder);
    }

    private List<String> command() {
        List<String> command = new ArrayList<>(List.of(
                folder.resolve("bin/postgres").toString(),
                "-D",
                folder.resolve("data").toString()));
        List<String> all = new ArrayList<>(List.of(
                "listen_addresses=127.0.0.1", "port=" + port, "unix_socket_directories=", "max_connections=300"));
        all.addAll(settings);
        for (String setting : all) {
            command.add("-c");
            command.add(setting);
        }
        return command;
    }
}
