package dev.patron.server.member;

import dev.patron.server.customer.AttemptLimits;
import dev.patron.server.customer.NewCustomer;
import dev.patron.server.customer.PasswordHash;
import dev.patron.server.customer.Passwords;
import dev.patron.server.customer.SignInSource;
import dev.patron.server.member.MemberSignIn.CodeNeeded;
import dev.patron.server.member.MemberSignIn.Refused;
import dev.patron.server.member.MemberSignIn.SignedIn;
import dev.patron.server.member.MemberSignIn.TooManyAttempts;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.sql.Database;
import dev.patron.server.sql.UniqueKey;
import dev.patron.server.sql.UniqueViolationException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** The members: they sign in to the console. Thread-safe. */
public final class Members {

    private static final String ACCOUNTS = "select m.member_id, m.email, m.name, m.role, m.store_hash, m.disabled,"
            + " m.created_at, m.factor_sealed is not null as second_factor, m.password_hash from member m";
    private static final RowMapper<Account> ACCOUNT = (row, _) -> new Account(
            new Member(
                    row.getLong("member_id"),
                    row.getString("email"),
                    row.getString("name"),
                    Role.valueOf(row.getString("role")),
                    Optional.ofNullable(row.getString("store_hash")),
                    row.getBoolean("second_factor"),
                    row.getBoolean("disabled"),
                    row.getObject("created_at", OffsetDateTime.class).toInstant()),
            new PasswordHash(row.getString("password_hash")));

    private static final UniqueKey EMAIL_ONCE = UniqueKey.column("member", "email_key");

    private static final int NAMES_PER_QUERY = 1_000;

    /** Attempts are counted per account of a store; the console is not one. */
    private static final String NO_STORE = "";

    private record Account(Member member, PasswordHash passwordHash) {}

    /** What came of a password; without an account it was wrong, or not looked at when there is something to wait for. */
    private record Checked(Optional<Account> account, Duration toWait) {
        MemberSignIn refusal() {
            return toWait.isPositive() ? new TooManyAttempts(toWait) : new Refused();
        }
    }

    /**
     * What came of a change of password.
     *
     * @param signIn the new session, or a refusal
     * @param revokedTokens how many access tokens ended with the old password; 0 after a refusal
     */
    public record PasswordChange(MemberSignIn signIn, int revokedTokens) {}

    /**
     * A link by which a member chooses a new password, to be shown once. {@link #toString()} does not tell it.
     *
     * @param revokedTokens how many access tokens were revoked when it was made
     */
    public record PasswordLink(BearerSecret secret, int revokedTokens) {}

    /** How an attempt to delete one's account ended. */
    public enum Deletion {
        /** The account is gone, with its sessions and tokens. */
        DELETED,
        /** The password is wrong. */
        WRONG_PASSWORD,
        /** The password was tried too often. */
        TOO_MANY_ATTEMPTS,
        /** The member has apps, which stores may rely on. */
        HAS_APPS,
        /** Without this member nobody could run the server. */
        LAST_OPERATOR
    }

    private final Database database;
    private final MemberSessions sessions;
    private final SecondFactor secondFactor;
    private final OneTimeLinks links;
    private final Passwords passwords;
    private final AttemptLimits limits;
    private final InstantSource clock;

    /**
     * Members kept in a database.
     *
     * @param limits the console's own, beside those of the storefronts
     */
    public Members(
            Database database,
            MemberSessions sessions,
            SecondFactor secondFactor,
            OneTimeLinks links,
            Passwords passwords,
            AttemptLimits limits,
            InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.secondFactor = secondFactor;
        this.links = links;
        this.passwords = passwords;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Makes a member.
     *
     * @throws MemberExistsException when there is a member with this e-mail address
     */
    public Member create(NewMember details, String password) throws MemberExistsException {
        PasswordHash hash = passwords.hash(password);
        return created(() -> database.transaction(handle -> insert(handle, details, hash)));
    }

    /**
     * Makes a member who is signed in at once.
     *
     * @throws MemberExistsException when there is a member with this e-mail address
     */
    public SignedIn signUp(NewMember details, String password) throws MemberExistsException {
        PasswordHash hash = passwords.hash(password);
        return created(() -> database.transaction(handle -> signedIn(handle, insert(handle, details, hash))));
    }

    /**
     * Makes a member who is signed in at once, by a link that is spent with it. The link for the first operator works while
     * there is none.
     *
     * @return empty when the link does not work (any more); then no member was made
     * @throws MemberExistsException when there is a member with this e-mail address; the link still works
     */
    public Optional<SignedIn> signUpByLink(Purpose purpose, BearerSecret link, NewMember details, String password)
            throws MemberExistsException {
        PasswordHash hash = passwords.hash(password);
        return created(() -> database.transaction(handle -> links.spend(handle, purpose, link)
                .filter(_ -> purpose != Purpose.FIRST_OPERATOR || operators(handle) == 0)
                .map(_ -> signedIn(handle, insert(handle, details, hash)))));
    }

    /** Whether anybody runs the server. */
    public boolean hasOperator() {
        return database.with(handle -> operators(handle)) > 0;
    }

    /**
     * Signs a member in, in a new session. It takes the same time and says the same for an unknown e-mail address, a wrong
     * password and a disabled member.
     */
    public MemberSignIn signIn(String email, String password, InetAddress from) {
        return signIn(email, password, from, "");
    }

    /**
     * Signs a member in, in a new session, from a browser that may have been there before.
     *
     * @param devices what its device cookie holds, or an empty string
     */
    public MemberSignIn signIn(String email, String password, InetAddress from, String devices) {
        return limits.attempt(
                NO_STORE,
                email,
                new SignInSource.Browser(from, device(email, devices)),
                () -> begin(email, password),
                outcome -> !(outcome instanceof Refused),
                TooManyAttempts::new);
    }

    private Optional<String> device(String email, String devices) {
        if (devices.isEmpty()) {
            return Optional.empty();
        }
        return account(email)
                .flatMap(account -> limits.knownDevices()
                        .recognise(devices, account.member().id(), account.passwordHash()));
    }

    /**
     * What the device cookie of a browser is to hold that has just shown who the member is.
     *
     * @param devices what it holds now, or an empty string
     * @return empty when there is no such member
     */
    public Optional<String> rememberDevice(long memberId, String devices) {
        return account(memberId)
                .map(account -> limits.knownDevices().remember(devices, memberId, account.passwordHash()));
    }

    private MemberSignIn begin(String email, String password) {
        Optional<Account> account = account(email);
        if (!passwords.matches(password, account.map(Account::passwordHash))) {
            return new Refused();
        }
        return begin(account.orElseThrow());
    }

    /**
     * Goes on with a sign-in that waits for the second factor: the current code, or a recovery code. Whoever gets here knows the
     * password. Wrong codes are counted in storage ({@link SecondFactor}) and against the address, but not as wrong passwords.
     *
     * @return signed in, in a new session; or refused, and the code can be tried again until the five minutes are over
     */
    public MemberSignIn showCode(BearerSecret waiting, String code, InetAddress from) {
        Optional<Account> account = sessions.findAwaitingCode(waiting).flatMap(this::account);
        if (account.isEmpty()) {
            return new Refused();
        }
        return limits.attemptCode(
                from,
                () -> showCode(waiting, code, account.get()),
                outcome -> outcome instanceof SignedIn,
                TooManyAttempts::new);
    }

    private MemberSignIn showCode(BearerSecret waiting, String code, Account account) {
        Member member = account.member();
        return database.transaction(handle -> {
            if (!isUnchanged(handle, account)) {
                return new Refused();
            }
            SecondFactor.Verdict verdict = secondFactor.accept(handle, member.id(), code);
            if (verdict.pause().isPositive()) {
                return new TooManyAttempts(verdict.pause());
            }
            // What was begun before a change of the password has been ended by it.
            return verdict.right() && sessions.endAwaitingCode(handle, waiting)
                    ? signedIn(handle, member)
                    : new Refused();
        });
    }

    /** The member whose session this is, if it has not ended and the member is not disabled. */
    public Optional<Member> signedIn(BearerSecret session) {
        return sessions.find(session).flatMap(this::find).filter(member -> !member.disabled());
    }

    /** The member with this id. */
    public Optional<Member> find(long memberId) {
        return account(memberId).map(Account::member);
    }

    /** The member with this e-mail address, in whatever case. */
    public Optional<Member> findByEmail(String email) {
        return account(email).map(Account::member);
    }

    /**
     * A part of all members, by id.
     *
     * @param afterId the last one of the part before it, or 0
     */
    public List<Member> list(long afterId, int atMost) {
        return database.with(handle -> handle.createQuery(
                        ACCOUNTS + " where m.member_id > ? order by m.member_id fetch first ? rows only")
                .bind(0, afterId)
                .bind(1, atMost)
                .map(ACCOUNT)
                .map(Account::member)
                .list());
    }

    /**
     * A part of all members, by name.
     *
     * @param afterId the last one of the part before it, or 0; the first part, too, when they are gone
     */
    public List<Member> listByName(long afterId, int atMost) {
        return database.with(handle -> {
            Optional<String> after = handle.createQuery("select name from member where member_id = ?")
                    .bind(0, afterId)
                    .mapTo(String.class)
                    .findOne();
            Query query = handle.createQuery(ACCOUNTS
                            + (after.isPresent()
                                    ? " where m.name > :name or (m.name = :name and m.member_id > :id)"
                                    : "")
                            + " order by m.name, m.member_id fetch first :most rows only")
                    .bind("most", atMost);
            after.ifPresent(name -> query.bind("name", name).bind("id", afterId));
            return query.map(ACCOUNT).map(Account::member).list();
        });
    }

    /** The names of members, by id; without those who are gone. One query for each thousand. */
    public Map<Long, String> names(Collection<Long> memberIds) {
        List<Long> ids = memberIds.stream().distinct().toList();
        Map<Long, String> names = new HashMap<>();
        for (int from = 0; from < ids.size(); from += NAMES_PER_QUERY) {
            List<Long> some = ids.subList(from, Math.min(from + NAMES_PER_QUERY, ids.size()));
            database.with(handle -> handle.createQuery("select member_id, name from member where member_id in (<ids>)")
                    .bindList("ids", some)
                    .map((row, _) -> names.put(row.getLong("member_id"), row.getString("name")))
                    .list());
        }
        return names;
    }

    /** The operator with the lowest id who is not disabled. */
    public Optional<Member> firstOperator() {
        return database.with(handle -> handle.createQuery(ACCOUNTS
                        + " where m.role = 'OPERATOR' and not m.disabled order by m.member_id fetch first row only")
                .map(ACCOUNT)
                .map(Account::member)
                .findOne());
    }

    /**
     * Changes the password of a signed-in member, ends all their sessions and begins a new one.
     *
     * @param revokesTokens whether their access tokens end as well
     * @return the new session, or a refusal when the current password is wrong or was tried too often
     */
    public PasswordChange changePassword(
            Member member, String currentPassword, String newPassword, boolean revokesTokens) {
        Checked checked = checked(member, currentPassword);
        Optional<Account> account = checked.account();
        if (account.isEmpty()) {
            return new PasswordChange(checked.refusal(), 0);
        }
        PasswordHash hash = passwords.hash(newPassword);
        return database.transaction(handle -> {
            if (!isUnchanged(handle, account.get())) {
                return new PasswordChange(new Refused(), 0);
            }
            setPassword(handle, member.id(), hash);
            int revoked = revokesTokens ? revokeTokens(handle, member.id()) : 0;
            return new PasswordChange(signedIn(handle, member), revoked);
        });
    }

    /**
     * Checks the password of a signed-in member, for what must not happen at an unattended screen; wrong ones are counted.
     *
     * @return why it was not accepted; empty when it is right
     */
    public Optional<MemberSignIn> passwordRefusal(Member member, String password) {
        Checked checked = checked(member, password);
        return checked.account().isPresent() ? Optional.empty() : Optional.of(checked.refusal());
    }

    /**
     * Makes a link by which a member chooses a new password, once. An earlier one no longer works.
     *
     * @param revokesTokens whether their sessions and access tokens end now, and their access tokens again when the link is
     *     used: until then the old password signs in, and whoever has stolen it can make others
     * @return empty when there is no such member
     */
    public Optional<PasswordLink> createPasswordLink(long memberId, boolean revokesTokens) {
        return database.transaction(handle -> {
            if (!lock(handle, memberId)) {
                return Optional.empty();
            }
            revokeLinks(handle, memberId);
            int revoked = 0;
            if (revokesTokens) {
                sessions.endAll(handle, memberId);
                revoked = revokeTokens(handle, memberId);
            }
            Purpose purpose = revokesTokens ? Purpose.MEMBER_PASSWORD : Purpose.MEMBER_PASSWORD_ONLY;
            return Optional.of(new PasswordLink(links.create(handle, purpose, Long.toString(memberId)), revoked));
        });
    }

    /** Whose password a link changes, if it still works. Looking changes nothing. */
    public Optional<Member> findByPasswordLink(BearerSecret link) {
        return links.look(Purpose.MEMBER_PASSWORD, link)
                .or(() -> links.look(Purpose.MEMBER_PASSWORD_ONLY, link))
                .map(Long::valueOf)
                .flatMap(this::find);
    }

    /**
     * Chooses a new password by a link that is spent with it, and ends all sessions of the member; their access tokens, too,
     * unless the link was made to keep them.
     *
     * @return whether the link worked
     */
    public boolean resetPassword(BearerSecret link, String newPassword) {
        Optional<Member> member = findByPasswordLink(link);
        if (member.isEmpty()) {
            return false;
        }
        long memberId = member.get().id();
        PasswordHash hash = passwords.hash(newPassword);
        return database.transaction(handle -> {
            // Before the link, as whatever else ends links does: else each could wait for the other.
            lock(handle, memberId);
            boolean revokesTokens =
                    links.spend(handle, Purpose.MEMBER_PASSWORD, link).isPresent();
            if (!revokesTokens
                    && links.spend(handle, Purpose.MEMBER_PASSWORD_ONLY, link).isEmpty()) {
                return false;
            }
            if (revokesTokens) {
                revokeTokens(handle, memberId);
            }
            return setPassword(handle, memberId, hash);
        });
    }

    /** Locks a member's row, if there is one: whatever changes what they sign in with comes one after the other. */
    private static boolean lock(Handle transaction, long memberId) {
        return transaction
                .createQuery("select 1 from member where member_id = ? for update")
                .bind(0, memberId)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static int revokeTokens(Handle transaction, long memberId) {
        return transaction.execute("delete from access_token where member_id = ?", memberId);
    }

    /**
     * Disables or enables a member. Disabling ends their sessions at once.
     *
     * @return false when there is no such member, or nobody could run the server without them; then nothing has changed
     */
    public boolean setDisabled(long memberId, boolean disabled) {
        return database.transaction(handle -> setDisabled(handle, memberId, disabled));
    }

    /**
     * Disables a member, ends their sessions at once, and blocks every app of theirs as an operator does. Enabling the member
     * lifts no block.
     *
     * @return how many apps were blocked that were not before; empty when there is no such member, or nobody could run the
     *     server without them: then nothing has changed
     */
    public OptionalInt disableAndBlockApps(long memberId) {
        return database.transaction(handle -> setDisabled(handle, memberId, true)
                ? OptionalInt.of(handle.execute(
                        "update app set blocked = true, revision = revision + 1 where owner_id = ? and not blocked",
                        memberId))
                : OptionalInt.empty());
    }

    private boolean setDisabled(Handle transaction, long memberId, boolean disabled) {
        if (disabled && isLastOperator(transaction, memberId)) {
            return false;
        }
        // First: it waits for a sign-in that has the row locked, whose session ends then, too. No app can be made from
        // here on.
        boolean known =
                transaction.execute("update member set disabled = ? where member_id = ?", disabled, memberId) == 1;
        if (disabled) {
            sessions.endAll(transaction, memberId);
            revokeLinks(transaction, memberId);
        }
        return known;
    }

    /** Deletes a member's own account. */
    public Deletion delete(Member member, String password) {
        Checked checked = checked(member, password);
        Optional<Account> account = checked.account();
        if (account.isEmpty()) {
            return checked.toWait().isPositive() ? Deletion.TOO_MANY_ATTEMPTS : Deletion.WRONG_PASSWORD;
        }
        return database.transaction(handle -> {
            if (isLastOperator(handle, member.id())) {
                return Deletion.LAST_OPERATOR;
            }
            // This locks the row: no app can be made for the member from here on.
            if (!isUnchanged(handle, account.get())) {
                return Deletion.WRONG_PASSWORD;
            }
            boolean hasApps = handle.createQuery("select count(*) from app where owner_id = ?")
                            .bind(0, member.id())
                            .mapTo(Long.class)
                            .one()
                    > 0;
            if (hasApps) {
                return Deletion.HAS_APPS;
            }
            revokeLinks(handle, member.id());
            handle.execute("delete from member where member_id = ?", member.id());
            return Deletion.DELETED;
        });
    }

    private Checked checked(Member member, String password) {
        return limits.attempt(
                NO_STORE,
                member.email(),
                new SignInSource.SignedIn(),
                () -> {
                    Optional<Account> account = account(member.id());
                    boolean right = passwords.matches(password, account.map(Account::passwordHash));
                    return new Checked(right ? account : Optional.empty(), Duration.ZERO);
                },
                checked -> checked.account().isPresent(),
                wait -> new Checked(Optional.empty(), wait));
    }

    private Optional<Account> account(String email) {
        return database.with(handle -> handle.createQuery(ACCOUNTS + " where m.email_key = ?")
                .bind(0, NewCustomer.emailKey(email))
                .map(ACCOUNT)
                .findOne());
    }

    private Optional<Account> account(long memberId) {
        return database.with(handle -> handle.createQuery(ACCOUNTS + " where m.member_id = ?")
                .bind(0, memberId)
                .map(ACCOUNT)
                .findOne());
    }

    private MemberSignIn begin(Account checked) {
        Member member = checked.member();
        return database.transaction(handle -> {
            if (!isUnchanged(handle, checked)) {
                return new Refused();
            }
            return member.secondFactor()
                    ? new CodeNeeded(sessions.begin(handle, member.id(), true))
                    : signedIn(handle, member);
        });
    }

    private SignedIn signedIn(Handle transaction, Member member) {
        return new SignedIn(member, sessions.begin(transaction, member.id(), false));
    }

    /**
     * Whether the member is enabled and has the password and second factor that were checked. The row stays locked until the
     * transaction ends, so that no session can begin beside a change of any of them.
     */
    private static boolean isUnchanged(Handle transaction, Account checked) {
        return transaction
                .createQuery(ACCOUNTS + " where m.member_id = ? and not m.disabled for update")
                .bind(0, checked.member().id())
                .map(ACCOUNT)
                .findOne()
                .filter(now -> now.passwordHash().equals(checked.passwordHash())
                        && now.member().secondFactor() == checked.member().secondFactor())
                .isPresent();
    }

    /** Everything that was begun with the old password ends: sessions, links, and a second factor that was only offered. */
    private boolean setPassword(Handle transaction, long memberId, PasswordHash hash) {
        boolean found = transaction.execute(
                        "update member set password_hash = ?, factor_offered = null where member_id = ?",
                        hash.encoded(),
                        memberId)
                == 1;
        sessions.endAll(transaction, memberId);
        revokeLinks(transaction, memberId);
        return found;
    }

    private static void revokeLinks(Handle transaction, long memberId) {
        OneTimeLinks.revoke(transaction, Purpose.MEMBER_PASSWORD, Long.toString(memberId));
        OneTimeLinks.revoke(transaction, Purpose.MEMBER_PASSWORD_ONLY, Long.toString(memberId));
    }

    /** Locks all operators, so that two who leave at the same time see each other. */
    private static boolean isLastOperator(Handle transaction, long memberId) {
        List<Long> operators = transaction
                .createQuery("select member_id from member where role = 'OPERATOR' and not disabled"
                        + " order by member_id for update")
                .mapTo(Long.class)
                .list();
        return operators.equals(List.of(memberId));
    }

    private static long operators(Handle handle) {
        return handle.createQuery("select count(*) from member where role = 'OPERATOR' and not disabled")
                .mapTo(Long.class)
                .one();
    }

    private Member insert(Handle handle, NewMember details, PasswordHash password) {
        long id = handle.createUpdate("insert into member (email, email_key, name, password_hash, role, store_hash,"
                        + " disabled, factor_step, created_at) values (?, ?, ?, ?, ?, ?, false, 0, ?)")
                .bind(0, details.email())
                .bind(1, NewCustomer.emailKey(details.email()))
                .bind(2, details.name())
                .bind(3, password.encoded())
                .bind(4, details.role().name())
                .bind(5, details.storeHash().orElse(null))
                .bind(6, Database.moment(clock.instant()))
                .executeAndReturnGeneratedKeys("member_id")
                .mapTo(Long.class)
                .one();
        return handle.createQuery(ACCOUNTS + " where m.member_id = ?")
                .bind(0, id)
                .map(ACCOUNT)
                .one()
                .member();
    }

    @FunctionalInterface
    private interface Creation<T> {
        T run();
    }

    private static <T> T created(Creation<T> creation) throws MemberExistsException {
        try {
            return creation.run();
        } catch (UniqueViolationException violation) {
            if (violation.isOf(EMAIL_ONCE)) {
                throw new MemberExistsException();
            }
            throw violation;
        }
    }
}
