package dev.patron.server;

import dev.patron.server.audit.AuditLog;
import dev.patron.server.http.Listener;
import dev.patron.server.metrics.Metrics;
import dev.patron.server.options.Options;
import dev.patron.server.services.Services;
import java.util.function.LongSupplier;

/** The gauges of a server: what its parts hold at the moment somebody asks. */
final class ServerGauges {

    private ServerGauges() {}

    /**
     * Adds them to the metrics.
     *
     * @param sessions the sessions of customers, as counted at the last sweep
     */
    static void add(Services services, LongSupplier sessions, Listener storefront, Listener console) {
        Metrics metrics = services.metrics;
        metrics.gauge(
                "patron_sessions",
                "Sessions of customers, as counted at the last sweep (patron.sessions.sweep-interval).",
                sessions::getAsLong);
        metrics.gauge(
                "patron_ledger_lag_seconds",
                "For how long the oldest disclosure that is not written yet has waited.",
                () -> services.auditLog.lag().toMillis() / 1000.0);
        metrics.gauge(
                "patron_database_connections_used",
                "Database connections in use.",
                () -> services.database.connections().used());
        metrics.gauge(
                "patron_database_connections_most",
                "Size of the pool of database connections.",
                () -> services.options.get(Options.DATABASE_CONNECTIONS));
        metrics.gauge(
                "patron_database_waiting",
                "Requests that wait for a database connection.",
                () -> services.database.connections().waiting());
        metrics.gauge(
                "patron_ledger_waiting",
                "Disclosures that are not written yet; at " + AuditLog.CAPACITY + " no token is given out.",
                services.auditLog::waiting);
        metrics.counter(
                "patron_ledger_set_aside_total",
                "Records of the ledger that the database refused, and that were set aside.",
                services.auditLog::setAside);
        metrics.counter(
                "patron_database_statements_total",
                "Statements sent to the database; those of one batch count once.",
                services.database::statements);
        metrics.gauge("patron_storefront_in_flight", "Requests that are being answered.", storefront::inFlight);
        metrics.gauge("patron_storefront_connections", "Open connections.", storefront::connections);
        metrics.gauge("patron_console_connections", "Open connections.", console::connections);
        metrics.gauge("patron_console_in_flight", "Requests that are being answered.", console::inFlight);
    }
}
