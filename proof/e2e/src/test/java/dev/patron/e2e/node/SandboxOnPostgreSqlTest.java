package dev.patron.e2e.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import dev.patron.engines.PostgreSql;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sandbox, demo store and all, on PostgreSQL: when it is new there, and when it has been there before. */
@Timeout(120)
class SandboxOnPostgreSqlTest {

    private static final String DEMO_APP = "6sv16tfx3j5gsopm42ss5dd67g2srvq";

    @Test
    void demoCustomer_getsAToken_onANewAndOnAUsedDatabase(@TempDir Path data) throws IOException {
        try (PostgreSql postgreSql = PostgreSql.start()) {
            Map<String, String> database = Map.of(
                    "PATRON_DATABASE_URL", postgreSql.url(postgreSql.createDatabase("template1")),
                    "PATRON_DATABASE_USER", PostgreSql.USER,
                    "PATRON_DATABASE_PASSWORD", postgreSql.password());
            for (int start = 1; start <= 2; start++) {
                try (ServerProcess sandbox = ServerProcess.start(Root.sandboxJar(), data, database);
                        ShopClient client = new ShopClient(sandbox.storefront(), sandbox.console(), "")) {
                    HttpResponse<String> signedIn = client.signIn("john.doe@gmail.com", "patron-sandbox");
                    assertThat(signedIn.statusCode()).as("start %d", start).isEqualTo(302);
                    HttpResponse<String> token =
                            client.currentJwt(ShopClient.session(signedIn).orElseThrow(), DEMO_APP);
                    assertThat(token.statusCode()).as(token.body()).isEqualTo(200);
                }
            }
            assertThat(data.resolve("patron.mv.db")).doesNotExist();
        }
    }
}
