package dev.patron.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.failure.DomainException;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.Members.Deletion;
import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.secret.BearerSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class AccessTokensTest {

    private static final Set<Scope> SCOPES = Set.of(Scope.APPS_READ, Scope.APPS_WRITE);

    private final StorageEngine engine;
    private TestServices services;
    private AccessTokens tokens;
    private Member dev;

    AccessTokensTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) throws MemberExistsException {
        services = TestServices.open(engine, folder);
        tokens = new AccessTokens(services.database, services.clock);
        dev = services.members.create(NewMember.developer("dev@example.com", "Dev"), TestServices.PASSWORD);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void create_theToken_actsForItsMemberWithItsScopes() {
        String token = create(Optional.empty());

        assertThat(token).matches("patron_[A-Za-z0-9_-]{43}");
        assertThat(tokens.principal(token))
                .contains(new Principal(Role.DEVELOPER, Optional.of(dev.id()), Optional.empty(), SCOPES));
        for (String wrong : List.of(
                "",
                token.substring(AccessTokens.PREFIX.length()),
                token + "A",
                token.substring(0, token.length() - 1),
                "PATRON_" + token.substring(7),
                AccessTokens.PREFIX + BearerSecret.create().reveal())) {
            assertThat(tokens.principal(wrong)).isEmpty();
        }
    }

    @Test
    void principal_ofStaff_hasItsStore() throws MemberExistsException {
        Member staff = services.members.create(
                new NewMember("staff@example.com", "Staff", Role.STAFF, Optional.of(TestServices.STORE_A)),
                TestServices.PASSWORD);
        String token =
                reveal(tokens.create(staff.id(), new NewAccessToken("n", Set.of(Scope.STORES_READ), Optional.empty())));

        assertThat(tokens.principal(token)).map(Principal::storeHash).contains(Optional.of(TestServices.STORE_A));
    }

    @Test
    void token_thatExpired_isRefusedFromThatMomentOn() {
        String token = create(Optional.of(Duration.ofDays(7)));
        services.clock.advance(Duration.ofDays(7).minusMillis(1));
        assertThat(tokens.principal(token)).isPresent();
        assertThat(tokens.list(dev).getFirst().expired()).isFalse();

        services.clock.advance(Duration.ofMillis(1));

        assertThat(tokens.principal(token)).isEmpty();
        assertThat(tokens.list(dev).getFirst().expired()).isTrue();
    }

    @Test
    void token_revoked_isRefusedAtOnce_andOnlyItsMemberRevokesIt() throws MemberExistsException {
        String token = create(Optional.empty());
        long id = tokens.list(dev).getFirst().id();
        Member other =
                services.members.create(NewMember.developer("other@example.com", "Other"), TestServices.PASSWORD);

        assertThat(tokens.revoke(other, id)).isFalse();
        assertThat(tokens.principal(token)).isPresent();
        assertThat(tokens.revoke(dev, id)).isTrue();

        assertThat(tokens.principal(token)).isEmpty();
        assertThat(tokens.revoke(dev, id)).isFalse();
        assertThat(tokens.list(dev)).isEmpty();
    }

    @Test
    void token_ofADisabledMember_isRefused_andOfADeletedOneGone() {
        String token = create(Optional.empty());

        services.members.setDisabled(dev.id(), true);
        assertThat(tokens.principal(token)).isEmpty();
        assertThatExceptionOfType(DomainException.class)
                .isThrownBy(() -> create(Optional.empty()))
                .satisfies(refused -> assertThat(refused.id()).isEqualTo("member_disabled"));
        services.members.setDisabled(dev.id(), false);
        assertThat(tokens.principal(token)).isPresent();

        assertThat(services.members.delete(dev, TestServices.PASSWORD)).isEqualTo(Deletion.DELETED);
        assertThat(tokens.principal(token)).isEmpty();
        assertThat(services.rows("access_token")).isZero();
    }

    @Test
    void lastUse_isNotedOnceAMinute() {
        String token = create(Optional.empty());
        assertThat(tokens.list(dev).getFirst().lastUsedAt()).isEmpty();
        tokens.principal(token);
        assertThat(tokens.list(dev).getFirst().lastUsedAt()).contains(services.clock.instant());

        services.clock.advance(Duration.ofSeconds(59));
        tokens.principal(token);
        assertThat(tokens.list(dev).getFirst().lastUsedAt())
                .contains(services.clock.instant().minusSeconds(59));

        services.clock.advance(Duration.ofSeconds(1));
        tokens.principal(token);
        assertThat(tokens.list(dev).getFirst().lastUsedAt()).contains(services.clock.instant());
    }

    @Test
    void create_atOnceByMany_staysWithinTheLimit() throws Exception {
        for (int i = 0; i < AccessTokens.MAX_TOKENS - 2; i++) {
            create(Optional.empty());
        }
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            tasks.add(() -> {
                try {
                    create(Optional.empty());
                    return true;
                } catch (DomainException tooMany) {
                    assertThat(tooMany.id()).isEqualTo("too_many_tokens");
                    return false;
                }
            });
        }

        assertThat(Together.run(tasks)).filteredOn(made -> made).hasSize(2);
        assertThat(tokens.list(dev)).hasSize(AccessTokens.MAX_TOKENS);
    }

    @Test
    void newToken_faults_nameTheField() {
        assertThat(new NewAccessToken("n", SCOPES, Optional.of(Duration.ofDays(366))).faults())
                .isEmpty();

        assertThat(new NewAccessToken(" ", SCOPES, Optional.empty()).faults()).containsOnlyKeys("name");
        assertThat(new NewAccessToken("n".repeat(101), SCOPES, Optional.empty()).faults())
                .containsOnlyKeys("name");
        assertThat(new NewAccessToken("a\u001b", SCOPES, Optional.empty()).faults())
                .containsOnlyKeys("name");
        assertThat(new NewAccessToken("n", Set.of(), Optional.empty()).faults()).containsOnlyKeys("scopes");
        for (Duration validity :
                List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(366).plusMillis(1))) {
            NewAccessToken faulty = new NewAccessToken("n", SCOPES, Optional.of(validity));
            assertThat(faulty.faults()).containsOnlyKeys("validity");
            assertThatIllegalArgumentException().isThrownBy(() -> tokens.create(dev.id(), faulty));
        }
    }

    @Test
    void databaseFiles_holdNoToken() {
        String token = create(Optional.empty());

        assertThat(services.filesContain("dev@example.com")).isTrue();
        assertThat(services.filesContain(token.substring(AccessTokens.PREFIX.length())))
                .isFalse();
    }

    private String create(Optional<Duration> validity) {
        return reveal(tokens.create(dev.id(), new NewAccessToken("deploy", SCOPES, validity)));
    }

    private static String reveal(BearerSecret secret) {
        return AccessTokens.PREFIX + secret.reveal();
    }
}
