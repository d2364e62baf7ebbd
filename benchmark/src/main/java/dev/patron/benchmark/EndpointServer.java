package dev.patron.benchmark;

import dev.patron.server.PatronServer;
import dev.patron.server.app.NewApp;
import dev.patron.server.options.Options;
import dev.patron.server.page.Theme;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/**
 * A server to put load on: a store with many sessions, and a page {@code /constant} on the same listener that answers
 * with a constant string as long as a token. {@code benchmark/run-endpoint} starts it.
 *
 * <p>Arguments: a folder to work in, how many sessions, and {@code ledger=off} to measure what the ledger costs. The folder
 * gets {@code cookies.txt}, one session id a line, and {@code client-id.txt}.
 */
public final class EndpointServer {

    private static final String STORE_HASH = "bench1";
    private static final int TOKEN_LENGTH = 450;
    private static final int BATCH = 1000;

    private EndpointServer() {}

    /** Makes the data, starts the server, and says so on standard output. */
    public static void main(String[] arguments)
            throws IOException, SQLException, GeneralSecurityException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        int sessions = Integer.parseInt(arguments[1]);
        Options options = Options.of(new Properties(), Map.copyOf(System.getenv()));
        // Time stands still as far as sessions are concerned: nobody is seen again after a minute while load is on.
        InstantSource clock = Clock.systemUTC();
        try (PatronServer server = PatronServer.open(options, clock, Theme.PLAIN)) {
            server.stores().create(STORE_HASH, "Benchmark", false, List.of("127.0.0.1"));
            Files.writeString(
                    folder.resolve("client-id.txt"),
                    server.apps().create(NewApp.named("Benchmark")).app().clientId());
        }
        makeSessions(options.get(Options.DATA), folder.resolve("cookies.txt"), sessions, clock);

        InstantSource standing = InstantSource.fixed(clock.instant());
        boolean withLedger = arguments.length < 3 || !arguments[2].equals("ledger=off");
        PatronServer server = withLedger
                ? PatronServer.open(options, standing, Theme.PLAIN)
                : PatronServer.openWithoutLedger(options, standing, Theme.PLAIN);
        String constant = "x".repeat(TOKEN_LENGTH);
        server.storefront().on("GET", "/constant", exchange -> exchange.sendText(200, constant));
        server.start();
        Files.writeString(folder.resolve("ready"), "");
        new CountDownLatch(1).await();
    }

    private static void makeSessions(Path data, Path cookies, int count, InstantSource clock)
            throws IOException, SQLException, GeneralSecurityException {
        String url = "jdbc:h2:file:" + data.resolve("patron").toAbsolutePath()
                + ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH";
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        Random random = new Random(7);
        try (Connection connection = DriverManager.getConnection(url);
                BufferedWriter writer = Files.newBufferedWriter(cookies);
                PreparedStatement customer =
                        connection.prepareStatement("insert into customer (customer_key, store_hash,"
                                + " customer_id, email, first_name, last_name, group_id, disabled, created_at)"
                                + " values (?, '" + STORE_HASH + "', ?, ?, 'Ada', 'Lovelace', 6, false, ?)");
                PreparedStatement session =
                        connection.prepareStatement("insert into session (session_key, session_hash,"
                                + " customer_key, began_at, last_seen_at) values (?, ?, ?, ?, ?)");
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (int key = 1; key <= count; key++) {
                customer.setLong(1, key);
                customer.setLong(2, key);
                customer.setString(3, "customer" + key + "@shop.example");
                customer.setObject(4, now);
                customer.addBatch();
                byte[] bits = new byte[32];
                random.nextBytes(bits);
                String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
                writer.write(id);
                writer.newLine();
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.US_ASCII));
                session.setLong(1, ByteBuffer.wrap(hash).getLong());
                session.setBytes(2, hash);
                session.setLong(3, key);
                session.setObject(4, now);
                session.setObject(5, now);
                session.addBatch();
                if (key % BATCH == 0 || key == count) {
                    customer.executeBatch();
                    session.executeBatch();
                    connection.commit();
                }
            }
            connection.setAutoCommit(true);
            statement.execute("shutdown compact");
        }
    }
}
