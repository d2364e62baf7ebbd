package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What storefront scripts ask with, each in its own way, on a page of the demo store. */
@ExtendWith(Sandbox.Provider.class)
@Timeout(120)
class ClientsTest {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            jQuery get               | text/plain       | new Promise((done, failed) => $.get(url, done).fail(failed))
            jQuery post, wants JSON  | application/json | new Promise((done, failed) => $.ajax({ url, type: 'POST', dataType: 'json', success: (resp) => done(resp.token), error: failed }))
            fetch                    | text/plain       | fetch(url).then((response) => response.text())
            fetch, says JSON but asks for anything | text/plain | fetch(url, { headers: { 'Content-Type': 'application/json' } }).then((response) => response.text())
            fetch, accepts JSON      | application/json | fetch(url, { headers: { Accept: 'application/json' } }).then((response) => response.json()).then((body) => body.token)
            axios                    | application/json | axios.get(url).then((response) => response.data.token)
            """)
    void getsTheToken(String client, String type, String ask, Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = shopPage(sandbox, visitor, true);

            Response[] answer = new Response[1];
            page.onResponse(response -> {
                if (response.url().endsWith(Sandbox.endpoint())) {
                    answer[0] = response;
                }
            });
            Object token = page.evaluate("async (url) => " + ask, Sandbox.endpoint());

            assertThat(token).as(client).isInstanceOf(String.class);
            Tokens.verify((String) token);
            Map<String, String> headers = answer[0].headers();
            assertThat(headers.get("content-type")).startsWith(type.equals(JSON) ? JSON : TEXT);
            assertThat(headers.get("cache-control")).contains("no-store");
        }
    }

    /** What one client does: it takes an answer with this substring for "not signed in", and fails at any other. */
    @Test
    void tellsThatNobodyIsSignedIn(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = shopPage(sandbox, visitor, false);

            assertThat(page.evaluate(
                            "url => fetch(url).then(async r => [r.status, (await r.text()).includes('errors')])",
                            Sandbox.endpoint()))
                    .isEqualTo(java.util.List.of(404, true));
            assertThat(page.evaluate(
                            "url => new Promise(done => $.get(url).fail(xhr => done([xhr.status,"
                                    + " xhr.responseJSON.errors[0].id])))",
                            Sandbox.endpoint()))
                    .isEqualTo(java.util.List.of(404, "not_signed_in"));
            assertThat(page.evaluate(
                            "url => axios.get(url).catch(failure => [failure.response.status,"
                                    + " typeof failure.response.data.errors[0].detail])",
                            Sandbox.endpoint()))
                    .isEqualTo(java.util.List.of(404, "string"));
        }
    }

    /** A known mistake: the braces of the documentation's placeholder stay around the client id. */
    @Test
    void refusesAClientIdInBraces(Sandbox sandbox) {
        try (BrowserContext visitor = sandbox.visitor()) {
            Page page = shopPage(sandbox, visitor, true);

            assertThat(page.evaluate(
                            "url => fetch(url).then(async r => [r.status, (await r.json()).errors[0].id])",
                            "/customer/current.jwt?app_client_id={" + Sandbox.CLIENT_ID + "}"))
                    .isEqualTo(java.util.List.of(400, "malformed_client_id"));
        }
    }

    private static Page shopPage(Sandbox sandbox, BrowserContext visitor, boolean signedIn) {
        Page page = visitor.newPage();
        if (signedIn) {
            sandbox.signIn(page);
        }
        page.navigate(sandbox.url("/"));
        page.addScriptTag(
                new Page.AddScriptTagOptions().setContent(Resources.webJar("jquery/3.7.1/dist/jquery.min.js")));
        page.addScriptTag(
                new Page.AddScriptTagOptions().setContent(Resources.webJar("axios/1.20.0/dist/axios.min.js")));
        return page;
    }
}
