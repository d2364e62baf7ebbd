package dev.patron.server.access;

import dev.patron.server.failure.DomainException;
import dev.patron.server.failure.DomainException.Kind;
import dev.patron.server.member.Member;
import dev.patron.server.member.Role;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.sql.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Personal access tokens: what members give to scripts and servers instead of their password. A token is {@code patron_} and
 * 43 characters; storage knows its hash only. It stops when it expires, is revoked, or its member is disabled or deleted;
 * what it may do follows from its scopes and from the member's current role. Thread-safe.
 */
public final class AccessTokens {

    /** What every token begins with, so that scanners for leaked secrets know it. */
    public static final String PREFIX = "patron_";

    /** How many a member may have. */
    public static final int MAX_TOKENS = 50;

    private static final Duration USE_INTERVAL = Duration.ofMinutes(1);

    private record Found(Principal principal, @Nullable Instant lastUsedAt) {}

    private final Database database;
    private final InstantSource clock;

    /** Tokens kept in a database. */
    public AccessTokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * Makes a token.
     *
     * @return the token, for the one time that it is shown
     * @throws IllegalArgumentException when the details have faults
     * @throws DomainException {@code too_many_tokens}; {@code member_disabled} when the member is disabled or gone
     */
    public BearerSecret create(long memberId, NewAccessToken details) {
        if (!details.faults().isEmpty()) {
            throw new IllegalArgumentException("A token needs a name, a scope and a validity of a year at most");
        }
        BearerSecret token = BearerSecret.create();
        Instant now = clock.instant();
        database.transaction(handle -> {
            requireRoom(handle, memberId);
            return handle.createUpdate("insert into access_token (token_key, token_hash, member_id, name, scopes,"
                            + " created_at, expires_at) values (:key, :hash, :member, :name, :scopes, :now, :expires)")
                    .bind("key", token.hash().key())
                    .bind("hash", token.hash().toBytes())
                    .bind("member", memberId)
                    .bind("name", details.name())
                    .bind("scopes", write(details.scopes()))
                    .bind("now", Database.moment(now))
                    .bind(
                            "expires",
                            details.validity()
                                    .map(validity -> Database.moment(now.plus(validity)))
                                    .orElse(null))
                    .execute();
        });
        return token;
    }

    /** A member's tokens, the newest first, expired ones included. */
    public List<AccessToken> list(Member member) {
        Instant now = clock.instant();
        return database.with(handle -> handle.createQuery("select token_id, name, scopes, created_at, expires_at,"
                        + " last_used_at from access_token where member_id = ? order by token_id desc")
                .bind(0, member.id())
                .map((row, _) -> {
                    Optional<Instant> expiresAt =
                            Optional.ofNullable(moment(row.getObject("expires_at", OffsetDateTime.class)));
                    return new AccessToken(
                            row.getLong("token_id"),
                            row.getString("name"),
                            read(row.getString("scopes")),
                            row.getObject("created_at", OffsetDateTime.class).toInstant(),
                            expiresAt,
                            expiresAt.filter(moment -> !moment.isAfter(now)).isPresent(),
                            Optional.ofNullable(moment(row.getObject("last_used_at", OffsetDateTime.class))));
                })
                .list());
    }

    /**
     * Revokes one of a member's tokens: it stops at once, for good.
     *
     * @return whether the member had it
     */
    public boolean revoke(Member member, long tokenId) {
        return database.transaction(handle -> handle.execute(
                        "delete from access_token where token_id = ? and member_id = ?", tokenId, member.id()))
                == 1;
    }

    /** Who acts with this token, when it works; its use is noted once a minute. */
    public Optional<Principal> principal(String text) {
        Optional<BearerSecret> token =
                text.startsWith(PREFIX) ? BearerSecret.parse(text.substring(PREFIX.length())) : Optional.empty();
        return token.flatMap(this::principal);
    }

    private Optional<Principal> principal(BearerSecret token) {
        Instant now = clock.instant();
        Optional<Found> found = database.with(handle -> handle.createQuery("select m.member_id, m.role, m.store_hash,"
                        + " t.scopes, t.last_used_at from access_token t join member m on m.member_id = t.member_id"
                        + " where t.token_key = ? and t.token_hash = ? and not m.disabled"
                        + " and (t.expires_at is null or t.expires_at > ?)")
                .bind(0, token.hash().key())
                .bind(1, token.hash().toBytes())
                .bind(2, Database.moment(now))
                .map((row, _) -> new Found(
                        new Principal(
                                Role.valueOf(row.getString("role")),
                                Optional.of(row.getLong("member_id")),
                                Optional.ofNullable(row.getString("store_hash")),
                                read(row.getString("scopes"))),
                        moment(row.getObject("last_used_at", OffsetDateTime.class))))
                .findOne());
        found.filter(use -> use.lastUsedAt() == null
                        || !use.lastUsedAt().plus(USE_INTERVAL).isAfter(now))
                .ifPresent(_ -> database.transaction(handle -> handle.execute(
                        "update access_token set last_used_at = ? where token_key = ? and token_hash = ?",
                        Database.moment(now),
                        token.hash().key(),
                        token.hash().toBytes())));
        return found.map(Found::principal);
    }

    /** Locks the member, so that neither their number of tokens nor their being there changes meanwhile. */
    private static void requireRoom(Handle transaction, long memberId) {
        boolean enabled = transaction
                .createQuery("select 1 from member where member_id = ? and not disabled for update")
                .bind(0, memberId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
        if (!enabled) {
            throw new DomainException(
                    Kind.FORBIDDEN,
                    "member_disabled",
                    "The account is disabled",
                    "Ask an operator of this server to enable it.");
        }
        long tokens = transaction
                .createQuery("select count(*) from access_token where member_id = ?")
                .bind(0, memberId)
                .mapTo(Long.class)
                .one();
        if (tokens >= MAX_TOKENS) {
            throw new DomainException(
                    Kind.CONFLICT,
                    "too_many_tokens",
                    "There are too many access tokens",
                    "A member has at most " + MAX_TOKENS + ": revoke one that is not needed first.");
        }
    }

    private static String write(Set<Scope> scopes) {
        return scopes.stream().sorted().map(Scope::text).collect(Collectors.joining(" "));
    }

    /** A scope that there is no more is good for nothing. */
    private static Set<Scope> read(String text) {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        Arrays.stream(text.split(" ")).map(Scope::of).flatMap(Optional::stream).forEach(scopes::add);
        return scopes;
    }

    private static @Nullable Instant moment(@Nullable OffsetDateTime moment) {
        return moment == null ? null : moment.toInstant();
    }
}
