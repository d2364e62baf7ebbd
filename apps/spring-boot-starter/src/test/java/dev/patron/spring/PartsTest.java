package dev.patron.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.token.CurrentCustomer;
import dev.patron.token.CurrentCustomerVerifier;
import dev.patron.token.InvalidTokenException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.health.contributor.Status;

/** Sessions, the replay guard, counters, health, keys, hints. */
class PartsTest {

    private final TestTokens.Clock clock = new TestTokens.Clock();
    private final CurrentCustomerVerifier verifier = CurrentCustomerVerifier.builder(
                    TestTokens.CLIENT_ID, TestTokens.CLIENT_SECRET)
            .expectStores(Set.of(TestTokens.STORE, "other1")::contains)
            .clock(clock)
            .build();

    private CurrentCustomer customer() throws InvalidTokenException {
        return verifier.verify(TestTokens.valid());
    }

    @Test
    void session_endsWithTheToken_orAfterItsTime() throws InvalidTokenException {
        CustomerSessions withToken = new MemorySessions(null, 10, clock);
        CustomerSessions anHour = new MemorySessions(Duration.ofHours(1), 10, clock);
        CustomerSession shorter = withToken.begin(customer());
        CustomerSession longer = anHour.begin(customer());
        assertThat(withToken.find(shorter.id())).contains(customer());
        assertThat(withToken.find(longer.id())).isEmpty();
        assertThat(shorter.endsAt()).isEqualTo(TestTokens.NOW.plus(Duration.ofMinutes(15)));

        clock.set(TestTokens.NOW.plus(Duration.ofMinutes(15)));
        assertThat(withToken.find(shorter.id())).isEmpty();
        assertThat(anHour.find(longer.id())).isPresent();
        anHour.end(longer.id());
        assertThat(anHour.find(longer.id())).isEmpty();
    }

    @Test
    void sessions_manyAtOnce_areEachTheirOwn() throws Exception {
        CustomerSessions sessions = new MemorySessions(null, 100_000, clock);
        CurrentCustomer one = customer();
        Set<String> ids = ConcurrentHashMap.newKeySet();
        atOnce(() -> {
            CustomerSession session = sessions.begin(one);
            assertThat(sessions.find(session.id())).contains(one);
            return ids.add(session.id());
        });
        assertThat(ids).hasSize(1000);
    }

    @Test
    void cookie_isForHttpsAndScriptsCannotReadIt() throws InvalidTokenException {
        PatronProperties.Session settings = new PatronProperties.Session(
                true, PatronProperties.Session.Kind.COOKIE, null, "__Host-patron-session", true, 10);
        CustomerSession session = new MemorySessions(null, 10, clock).begin(customer());
        assertThat(new SessionCookies(settings, clock).of(session).toString())
                .startsWith("__Host-patron-session=" + session.id() + "; Path=/; Max-Age=900;")
                .contains("Secure", "HttpOnly", "SameSite=None");
    }

    @Test
    void sessionCookie_countsOnlyFromOwnPages() throws InvalidTokenException {
        CustomerSessions sessions = new MemorySessions(null, 10, clock);
        String id = sessions.begin(customer()).id();
        PatronProperties properties = properties(PatronProperties.Session.Kind.COOKIE);
        CustomerAuthenticator authenticator =
                new CustomerAuthenticator(verifier, properties, sessions, null, List.of());

        assertThat(authenticator.find(new Presented(List.of(), "/", "", List.of(), List.of(id), true)))
                .contains(customer());
        assertThat(authenticator.find(new Presented(List.of(), "/", "", List.of(), List.of(id), false)))
                .isEmpty();
        OwnPages pages = new OwnPages(properties);
        assertThat(pages.send("same-origin", null)).isTrue();
        assertThat(pages.send("cross-site", "https://shop.example")).isTrue();
        assertThat(pages.send("cross-site", "https://evil.example")).isFalse();
        assertThat(pages.send("same-site", null)).isFalse();
        assertThat(pages.send(null, null)).isFalse();
    }

    @Test
    void guard_letsEachTokenInOnce_amongMany() throws Exception {
        ReplayGuard guard = new MemoryReplayGuard(100, clock);
        Instant until = TestTokens.NOW.plusSeconds(30);
        assertThat(atOnce(() -> guard.isFirstUse("one", until))).isEqualTo(1);
    }

    @Test
    void guard_whenFull_tellsThatItCannotTell_andForgetsWhatIsTooOldAnyway() {
        ReplayGuard guard = new MemoryReplayGuard(2, clock);
        Instant until = TestTokens.NOW.plusSeconds(30);
        assertThat(guard.isFirstUse("a", until)).isTrue();
        assertThat(guard.isFirstUse("b", until)).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> guard.isFirstUse("c", until));

        clock.set(TestTokens.NOW.plusSeconds(31));
        assertThat(guard.isFirstUse("c", TestTokens.NOW.plusSeconds(60))).isTrue();
        assertThat(guard.isFirstUse("a", until)).as("too old to be noted").isFalse();
    }

    @Test
    void guardThatCannotTell_refuses() throws InvalidTokenException {
        ReplayGuard broken = (key, until) -> {
            throw new IllegalStateException("storage is away");
        };
        Presented presented =
                new Presented(List.of("Bearer " + TestTokens.valid()), "/", "", List.of(), List.of(), false);
        PatronProperties properties = properties(PatronProperties.Session.Kind.BEARER);
        assertThat(new CustomerAuthenticator(verifier, properties, null, null, List.of()).find(presented))
                .isPresent();
        assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                        CustomerRefusedException.class,
                        () -> new CustomerAuthenticator(verifier, properties, null, broken, List.of()).find(presented)))
                .satisfies(refused -> {
                    assertThat(refused.status()).isEqualTo(503);
                    assertThat(refused.id()).isEqualTo("unavailable");
                });
    }

    @Test
    void sameJwtIdOfTwoStores_isTwoTokens() {
        ReplayGuard guard = new MemoryReplayGuard(10, clock);
        CustomerAuthenticator authenticator = new CustomerAuthenticator(
                verifier, properties(PatronProperties.Session.Kind.BEARER), null, guard, List.of());
        for (String store : List.of(TestTokens.STORE, "other1")) {
            assertThat(authenticator.find(new Presented(
                            List.of("Bearer " + TestTokens.ofStore(store)), "/", "", List.of(), List.of(), false)))
                    .isPresent();
        }
    }

    @Test
    void tokens_areCountedByReason() throws InvalidTokenException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MeteredTokens meters = new MeteredTokens(registry);
        meters.accepted(customer());
        meters.refused("too_old");
        meters.refused("too_old");
        assertThat(registry.get("patron.tokens")
                        .tags("outcome", "refused", "reason", "too_old")
                        .counter()
                        .count())
                .isEqualTo(2);
        assertThat(registry.get("patron.tokens")
                        .tags("outcome", "accepted", "reason", "none")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void health_tellsOfClocksAndSecrets() throws InvalidTokenException {
        PatronHealth health = new PatronHealth(TestTokens.NOW.minus(Duration.ofDays(90)), clock);
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        health.refused("issued_in_the_future");
        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails()).containsEntry("clientSecretDays", 90L);
        clock.set(TestTokens.NOW.plusSeconds(3));
        health.accepted(customer());
        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(health.health().getDetails()).containsEntry("youngestTokenSeconds", 3L);
    }

    @Test
    void cacheKeys_alwaysHaveTheStore() throws Exception {
        CustomerKeyGenerator generator = new CustomerKeyGenerator();
        var method = PartsTest.class.getDeclaredMethod("customer");
        CurrentCustomer one = customer();
        CurrentCustomer other = verifier.verify(TestTokens.ofStore("other1"));
        assertThat(one.id()).isEqualTo(other.id());
        assertThat(generator.generate(this, method, one, "orders"))
                .isEqualTo(generator.generate(this, method, CustomerKey.of(one), "orders"))
                .isNotEqualTo(generator.generate(this, method, other, "orders"));
        assertThatIllegalStateException().isThrownBy(() -> generator.generate(this, method, "orders"));
    }

    @Test
    void hints_letExpressionsCallCustomers() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new PatronRuntimeHints().registerHints(hints, null);
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(CurrentCustomer.class.getMethod("storeHash")))
                .accepts(hints);
    }

    @Test
    void parameterOfAQuery_isFoundHoweverItIsWritten_andWhereServersDifferInReadingIt() {
        assertThat(DecodedAddress.hasParameter("a=token&b&Token=x&tokens=x", "token"))
                .isFalse();
        for (String query : List.of(
                "token", "a;token=x", "%74%6F%6b%65%6E", "a&t%6fken=", "%u0074oken=x", "x%=1", "x%4=1", "%zz&a")) {
            assertThat(DecodedAddress.hasParameter(query, "token")).as(query).isTrue();
        }
        assertThat(DecodedAddress.hasParameter("my+token=x", "my token")).isTrue();
        assertThat(DecodedAddress.decode("a%2Eb+c%zz%")).isEqualTo("a.b c%zz%");
    }

    private static PatronProperties properties(PatronProperties.Session.Kind kind) {
        return new PatronProperties(
                TestTokens.CLIENT_ID,
                List.of(TestTokens.CLIENT_SECRET),
                List.of(TestTokens.STORE),
                null,
                false,
                Duration.ofSeconds(5),
                Set.of(dev.patron.token.JwsAlgorithm.HS256),
                false,
                List.of("https://shop.example"),
                List.of(),
                "token",
                null,
                new PatronProperties.Session(true, kind, null, "__Host-patron-session", true, 10),
                new PatronProperties.Replay(PatronProperties.Replay.Mode.OFF, 10),
                new PatronProperties.Report(null, null));
    }

    /** How many of a thousand calls at once say yes. */
    private static long atOnce(Callable<Boolean> call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            long yes = 0;
            for (var answer : threads.invokeAll(
                    IntStream.range(0, 1000).mapToObj(i -> call).toList())) {
                yes += Optional.of(answer.get()).filter(said -> said).isPresent() ? 1 : 0;
            }
            return yes;
        } finally {
            threads.shutdown();
        }
    }
}
