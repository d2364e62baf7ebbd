package dev.patron.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class EndpointStatusTest {

    private static final TestServer SERVER = TestServer.start();

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @Test
    void get_withoutSession_isNotSignedIn() {
        assertThat(SERVER.call("GET", TestServer.CURRENT_JWT)
                        .with("Cookie", SERVER.signIn())
                        .send()
                        .outcome())
                .isEqualTo("200");
        assertThat(SERVER.call("GET", TestServer.CURRENT_JWT).send().outcome()).isEqualTo("404 not_signed_in");
    }
}
