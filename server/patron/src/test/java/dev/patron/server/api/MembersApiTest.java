package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.endpoint.contract.Answer;
import dev.patron.server.LogSecrecy;
import dev.patron.server.TestServer;
import dev.patron.server.access.AccessTokens;
import dev.patron.server.access.NewAccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.console.ConsoleBrowser;
import dev.patron.server.member.Member;
import dev.patron.server.member.MemberExistsException;
import dev.patron.server.member.NewMember;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members over the API. Who may do what is {@code ApiAccessTest}'s. */
class MembersApiTest {

    private static final String PASSWORD = "a password for members";
    private static final TestServer SERVER = TestServer.start();

    @RegisterExtension
    private final LogSecrecy logs = new LogSecrecy();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void staff_isInvited_disabled_andGetsALinkForAPassword() {
        Answer invited = post("/api/v1/members/invitations", "{\"role\":\"staff\",\"store_hash\":\"abc123\"}");
        assertThat(invited.status()).isEqualTo(201);
        String url = invited.json().path("url").asString();
        assertThat(url).startsWith("http://localhost:" + SERVER.consolePort() + "/welcome/");
        String path = url.substring(url.indexOf("/welcome/"));
        logs.watch(path.substring("/welcome/".length()));
        ConsoleBrowser browser = ConsoleBrowser.at(SERVER, logs);
        browser.open(path);
        assertThat(browser.post(
                                "/welcome",
                                Map.of(
                                        "name",
                                        "Sam",
                                        "email",
                                        "sam@example.com",
                                        "password",
                                        PASSWORD,
                                        "password_confirmation",
                                        PASSWORD))
                        .status())
                .isEqualTo(302);
        Member sam = SERVER.patron().services().members.list(0, 1000).stream()
                .filter(member -> member.email().equals("sam@example.com"))
                .findFirst()
                .orElseThrow();

        Answer disabled = patch(sam.id(), true);
        assertThat(disabled.json().path("disabled").asBoolean()).isTrue();
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(patch(sam.id(), false).status()).isEqualTo(200);
        String links = "/api/v1/members/" + sam.id() + "/password-links";
        AccessTokens tokens = SERVER.patron().services().accessTokens;
        tokens.create(sam.id(), new NewAccessToken("Deploys", Set.of(Scope.STORES_READ), Optional.empty()));
        assertThat(post(links, "{\"revoke_access_tokens\":false}").status()).isEqualTo(201);
        assertThat(tokens.list(sam)).hasSize(1);
        assertThat(post(links, "{\"revoke_access_tokens\":1}").status()).isEqualTo(422);
        assertThat(post(links, "{}").json().path("url").asString()).contains("/reset-password/");
        assertThat(tokens.list(sam)).isEmpty();
    }

    @Test
    void lastOperator_staysEnabled() throws MemberExistsException {
        Member first =
                SERVER.patron().services().members.create(NewMember.operator("first@example.com", "First"), PASSWORD);
        Member second =
                SERVER.patron().services().members.create(NewMember.operator("second@example.com", "Second"), PASSWORD);
        assertThat(patch(first.id(), true).status()).isEqualTo(200);

        Answer last = patch(second.id(), true);

        assertThat(last.status()).isEqualTo(409);
        assertThat(last.json().path("id").asString()).isEqualTo("last_operator");
        assertThat(SERVER.patron()
                        .services()
                        .members
                        .find(second.id())
                        .orElseThrow()
                        .disabled())
                .isFalse();
    }

    private static Answer patch(long id, boolean disabled) {
        return SERVER.operator("PATCH", "/api/v1/members/" + id)
                .body("application/json", "{\"disabled\":" + disabled + "}")
                .send();
    }

    private static Answer post(String path, String body) {
        return SERVER.operator("POST", path).body("application/json", body).send();
    }
}
