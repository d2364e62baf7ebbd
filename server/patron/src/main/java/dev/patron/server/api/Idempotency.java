package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Principal;
import dev.patron.server.app.MasterKey;
import dev.patron.server.app.SealedSecret;
import dev.patron.server.failure.DomainException;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Handler;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.sql.Database;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client repeat a request that makes something, when it does not know whether the first one arrived: with the same
 * {@code Idempotency-Key}, within a day, it gets the first answer again, and nothing is made twice, even when both arrive at
 * once or the server was started again between them. Only answers that made something (201) are kept; after a refusal, which
 * made nothing, the same key may be tried again. While the first request is at work on another node, a repetition is answered
 * 409 {@code idempotency_in_progress} and may be tried again. After a failure (500, or 503 because storage was away) it is not
 * known here whether something was made, as when the server was cut off: a repetition gets that same answer until
 * {@link #AT_WORK} is over, then 409 {@code idempotency_unknown}, for the rest of the day. Answers are sealed by
 * the {@link MasterKey}, since some contain a secret; at most {@link #MOST_PER_MEMBER} are kept for a member. Thread-safe.
 */
public final class Idempotency {

    /** How long an answer is kept. */
    public static final Duration KEPT = Duration.ofDays(1);

    /** How many requests of one member are kept at a time. The operator token, which can do everything, has no such bound. */
    public static final int MOST_PER_MEMBER = 10_000;

    /** A request that has no answer after this long was cut off or failed: no request takes so long. */
    static final Duration AT_WORK = Duration.ofMinutes(1);

    private static final String HEADER = "Idempotency-Key";
    private static final List<String> HEADERS = List.of("Location", "ETag");
    private static final int CREATED = 201;
    private static final int LOCKS = 64;
    private static final Problem REUSED = new Problem(
            422,
            "idempotency_key_reused",
            "The Idempotency-Key belongs to another request",
            "Nothing was changed. Send a new key with each new request, and the same key with the same body only.");
    private static final Problem IN_PROGRESS = new Problem(
            409,
            "idempotency_in_progress",
            "A request with this Idempotency-Key is at work",
            "Nothing was done for this one. Send it again in a moment, with the same key and body, for the answer of the first.",
            new Problem.ResponseHeader("Retry-After", "1"));
    private static final Problem TOO_MANY = new Problem(
            409,
            "too_many_idempotency_keys",
            "Too many requests with an Idempotency-Key",
            "Of one member, " + MOST_PER_MEMBER + " are kept for a day. Nothing was done. Send the request without the"
                    + " header, or later.");
    private static final Problem UNKNOWN = new Problem(
            409,
            "idempotency_unknown",
            "The first request with this Idempotency-Key was cut off or failed",
            "Whether it made something is not known, and nothing was made now. Look for it, and if it is not there, send"
                    + " the request with a new key.");

    private final Database database;
    private final MasterKey masterKey;
    private final InstantSource clock;

    /** Of two requests with the same key, one waits for the other; strangers hardly ever wait for each other. */
    private final List<ReentrantLock> locks =
            IntStream.range(0, LOCKS).mapToObj(_ -> new ReentrantLock()).toList();

    /** What is known of a request; no answer while it is at work, or when it was cut off or failed. */
    private record Kept(Instant beganAt, @Nullable SealedSecret answer) {}

    /** The requests that a database knows. */
    public Idempotency(Database database, MasterKey masterKey, InstantSource clock) {
        this.database = database;
        this.masterKey = masterKey;
        this.clock = clock;
    }

    /** Forgets requests whose time is over; how many. */
    public int sweep() {
        return database.transaction(handle -> handle.execute(
                "delete from idempotent_request where began_at <= ?",
                Database.moment(clock.instant().minus(KEPT))));
    }

    /** Answers a request of somebody who may send it. Only those that make something, and have a key, are looked up. */
    void handle(Exchange exchange, Principal principal, Handler handler) {
        Optional<String> key = exchange.header(HEADER);
        if (key.isEmpty() || !exchange.method().equals("POST")) {
            handler.handle(exchange);
            return;
        }
        if (!key.get().matches("[\\x21-\\x7e]{1,200}")) {
            throw new ProblemException(
                    Problem.badRequest(HEADER + " must be 1 to 200 visible ASCII characters, such as a UUID."));
        }
        String request = request(exchange, principal, key.get());
        ReentrantLock lock = locks.get(Math.floorMod(request.hashCode(), LOCKS));
        lock.lock();
        try {
            once(exchange, request, principal.memberId(), handler);
        } finally {
            lock.unlock();
        }
    }

    private void once(Exchange exchange, String request, Optional<Long> memberId, Handler handler) {
        Optional<Kept> kept = begin(request, memberId);
        if (kept.isPresent()) {
            repeat(exchange, request, kept.get());
            return;
        }
        boolean[] keep = new boolean[1];
        exchange.beforeAnswer((status, body) -> {
            if (status == CREATED) {
                keep(request, exchange, body);
                keep[0] = true;
            }
        });
        try {
            handler.handle(exchange);
        } catch (ProblemException | DomainException refused) {
            forget(request);
            throw refused;
        }
        if (!keep[0]) {
            forget(request);
        }
    }

    /** Notes the request, unless it is known. Of two nodes that do so at the same moment, one is told of the other's. */
    private Optional<Kept> begin(String request, Optional<Long> memberId) {
        Instant now = clock.instant();
        return database.transaction(handle -> {
            handle.execute(
                    "delete from idempotent_request where request = ? and began_at <= ?",
                    request,
                    Database.moment(now.minus(KEPT)));
            int added = handle.execute(
                    "insert into idempotent_request (request, began_at, member_id) values (?, ?, ?) on conflict do nothing",
                    request,
                    Database.moment(now),
                    memberId.orElse(null));
            if (added == 0) {
                return Optional.of(find(handle, request));
            }
            if (memberId.isPresent() && count(handle, memberId.get(), now.minus(KEPT)) > MOST_PER_MEMBER) {
                throw new ProblemException(TOO_MANY);
            }
            return Optional.empty();
        });
    }

    private static Kept find(Handle handle, String request) {
        return handle.createQuery("select began_at, answer from idempotent_request where request = ?")
                .bind(0, request)
                .map((row, _) -> {
                    byte[] answer = row.getBytes("answer");
                    return new Kept(
                            row.getObject("began_at", OffsetDateTime.class).toInstant(),
                            answer == null ? null : SealedSecret.of(answer));
                })
                .findOne()
                // The other one failed at this moment, and has forgotten the request.
                .orElseThrow(() -> new ProblemException(IN_PROGRESS));
    }

    private static int count(Handle handle, long memberId, Instant since) {
        return handle.createQuery("select count(*) from idempotent_request where member_id = ? and began_at > ?")
                .bind(0, memberId)
                .bind(1, Database.moment(since))
                .mapTo(Integer.class)
                .one();
    }

    private void keep(String request, Exchange exchange, byte[] body) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("of", digest(exchange.body()));
        for (String header : HEADERS) {
            exchange.answerHeader(header).ifPresent(value -> answer.put(header, value));
        }
        answer.put("body", Base64.getEncoder().encodeToString(body));
        byte[] sealed = masterKey.sealBytes(owner(request), Json.write(answer)).toBytes();
        database.transaction(handle ->
                handle.execute("update idempotent_request set answer = ? where request = ?", sealed, request));
    }

    private void forget(String request) {
        database.transaction(handle ->
                handle.execute("delete from idempotent_request where request = ? and answer is null", request));
    }

    private void repeat(Exchange exchange, String request, Kept kept) {
        SealedSecret sealed = kept.answer();
        if (sealed == null) {
            boolean atWork = kept.beganAt().plus(AT_WORK).isAfter(clock.instant());
            throw new ProblemException(atWork ? IN_PROGRESS : UNKNOWN);
        }
        Map<String, Object> answer = Json.readObject(masterKey.openBytes(owner(request), sealed));
        if (!digest(exchange.body()).equals(answer.get("of"))) {
            throw new ProblemException(REUSED);
        }
        for (String header : HEADERS) {
            if (answer.get(header) instanceof String value) {
                exchange.with(header, value);
            }
        }
        exchange.with("Idempotency-Replayed", "true");
        exchange.sendJson(CREATED, Base64.getDecoder().decode(String.valueOf(answer.get("body"))));
    }

    /** With role and scopes: who may do less since is another one, and gets no answer that was for more. */
    private static String request(Exchange exchange, Principal principal, String key) {
        return digest(String.join(
                        "\n",
                        principal.memberId().map(String::valueOf).orElse("operator"),
                        principal.role().name(),
                        principal.storeHash().orElse(""),
                        String.valueOf(principal.scopes().stream().sorted().toList()),
                        exchange.method(),
                        exchange.rawPath(),
                        key)
                .getBytes(StandardCharsets.UTF_8));
    }

    private static String owner(String request) {
        return "idempotency " + request;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
