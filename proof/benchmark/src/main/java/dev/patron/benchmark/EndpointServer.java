package dev.patron.benchmark;

import dev.patron.server.PatronServer;
import dev.patron.server.options.Options;
import dev.patron.server.page.Theme;
import dev.patron.server.services.Services;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * A server to put load on: stores, apps, customers and sessions, as many as are asked for, in the database that the
 * options say; and a page {@code /constant} on the same listener that answers with a constant string as long as a token.
 *
 * <p>Arguments: a folder to work in, then {@code sessions=}, {@code customers=} (as many as sessions), {@code apps=} (1),
 * {@code stores=} (1), {@code fill=no} when another node has filled the database, {@code ledger=off} to measure what the
 * ledger costs. The folder gets {@code requests.txt}, a host, a session id and a client id on each line.
 */
public final class EndpointServer {

    private static final int TOKEN_LENGTH = 450;

    private EndpointServer() {}

    /** Makes the data, starts the server, and says so by a file {@code ready}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path folder = Path.of(arguments[0]);
        Map<String, String> named = named(arguments);
        Options options = Options.of(new Properties(), Map.copyOf(System.getenv()));
        // Time stands still as far as sessions are concerned: nobody is seen again after a minute while load is on.
        InstantSource clock = InstantSource.fixed(Clock.systemUTC().instant());
        if (!"no".equals(named.get("fill"))) {
            try (PatronServer server = PatronServer.open(options, clock, Theme.PLAIN)) {
                Fill.fill(server, folder.resolve("requests.txt"), named, clock.instant());
            }
        }
        PatronServer server = "off".equals(named.get("ledger"))
                ? PatronServer.of(Services.openWithoutAuditLog(options, clock), Theme.PLAIN)
                : PatronServer.open(options, clock, Theme.PLAIN);
        String constant = "x".repeat(TOKEN_LENGTH);
        server.storefront().routes().on("GET", "/constant", exchange -> exchange.sendText(200, constant));
        server.start();
        Files.writeString(folder.resolve("ready"), "");
        new CountDownLatch(1).await();
    }

    private static Map<String, String> named(String[] arguments) {
        Map<String, String> named = new HashMap<>();
        for (int i = 1; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            named.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        return named;
    }
}
