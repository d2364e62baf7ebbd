package dev.patron.server.audit;

import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Since when an app is what it is. A client id may have been another owner's before: what that one's app was told is not
 * for this one.
 */
final class AppTime {

    private AppTime() {}

    /** The part of a span in which there was the app; empty when there is none. */
    static Optional<Span> of(Handle handle, String clientId, Span span) {
        return handle.createQuery("select created_at from app where client_id = ?")
                .bind(0, clientId)
                .map((row, _) -> span.notBefore(
                        row.getObject(1, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MILLIS)))
                .findOne();
    }
}
