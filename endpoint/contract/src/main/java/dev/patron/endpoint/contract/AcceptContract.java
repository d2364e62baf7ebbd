package dev.patron.endpoint.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text or JSON: only {@code Accept} decides ({@code docs/endpoint.md}, "Text or JSON"). */
public abstract class AcceptContract extends EndpointContract {

    private static final String TOKEN = "[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]{43}";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json",
                "application/json, text/plain, */*", // axios, request-sender-js
                "application/json, text/javascript, */*; q=0.01", // jQuery's dataType "json"
                "application/json, */*;q=0.8",
                "*/*, application/json",
                "text/plain, application/json",
                "text/html, application/json",
                "Application/JSON",
                "application/json;charset=utf-8",
                "application/json ; q=0.5",
                "application/json;q=0.5, text/plain;q=0.4",
                "application/json;q=0.5, text/plain;q=0.5",
                "application/json; q=0.001",
                "application/json;Q=1.0, text/plain",
                " ,application/json, ",
                "text/plain;q=0, application/json;q=0.1",
            })
    void json_whereItIsNamedAndNotLessWanted(String accept) {
        Answer answer = signedIn().with("Accept", accept).send();

        assertThat(answer.outcome()).isEqualTo("200");
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.body()).matches("\\{\"token\":\"" + TOKEN + "\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*/*", // fetch, jQuery's $.get, curl
                "text/plain",
                "text/html",
                "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", // a browser opening the address
                "application/*",
                "application/jwt",
                "application/jsonp",
                "application/json-patch+json",
                "application/vnd.api+json",
                "application/xml",
                "application/json;q=0",
                "application/json;q=0.0, */*",
                "application/json;q=0.1, */*",
                "application/json;q=0.1, text/plain",
                "application/json;q=0.1, text/*;q=0.2",
                "application/json;q=broken",
                "text/plain;note=\"application/json\"",
                "json",
                ",",
                "",
                "\u00e9",
            })
    void text_everywhereElse(String accept) {
        Answer answer = signedIn().with("Accept", accept).send();

        assertThat(answer.outcome()).isEqualTo("200");
        assertThat(answer.header("Content-Type")).contains("text/plain; charset=utf-8");
        assertThat(answer.body()).matches(TOKEN);
    }

    @Test
    void text_withoutAccept() {
        assertThat(signedIn().send().body()).matches(TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/plain", "multipart/form-data", "nonsense"})
    void contentType_ofTheRequest_isIrrelevant(String contentType) {
        Call call = signedIn().with("Content-Type", contentType);

        assertThat(call.send().body()).matches(TOKEN);
        assertThat(call.with("Accept", "application/json").send().header("Content-Type"))
                .contains("application/json");
        assertThat(call.method("POST").with("Accept", "*/*").send().body()).matches(TOKEN);
    }

    @Test
    void post_asMinibcSendsIt_isJson() {
        Answer answer = signedIn()
                .method("POST")
                .with("Accept", "application/json, text/javascript, */*; q=0.01")
                .with("X-Requested-With", "XMLHttpRequest")
                .with("Origin", "http://localhost:" + storefront().port())
                .with("Content-Length", "0")
                .send();

        assertThat(answer.json().path("token").asString()).matches(TOKEN);
    }
}
