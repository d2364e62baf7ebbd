package dev.patron.server.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.engines.RedisServer;
import dev.patron.server.TestServices;
import dev.patron.server.app.MasterKey;
import dev.patron.server.options.Options;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.SecretHash;
import dev.patron.server.sql.Database;
import dev.patron.server.valkey.Valkey;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many tokens a session gets. */
class IssuanceRateTest {

    private static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    private static final int MOST = 5_000;

    private final SecretHash session = BearerSecret.create().hash();

    @TempDir
    private Path folder;

    @Test
    void default_isALimit_whichOtherSessionsDoNotShare() {
        Options options =
                TestServices.options(folder, "patron.issuing.tokens-per-minute=" + Options.ISSUING_RATE.defaultText());
        IssuanceRate rate = new IssuanceRate(options, Optional.empty());

        int tokens = takeAll(rate);

        assertThat(tokens).isBetween(600, MOST - 1);
        assertThat(rate.count(BearerSecret.create().hash(), CLIENT_ID)).isZero();
    }

    @Test
    void zero_isNoLimit() {
        IssuanceRate rate =
                new IssuanceRate(TestServices.options(folder, "patron.issuing.tokens-per-minute=0"), Optional.empty());

        assertThat(takeAll(rate)).isEqualTo(MOST);
    }

    @Test
    void nodesWithValkey_countTogether_butForATenthOfEach() {
        try (RedisServer server = RedisServer.start()) {
            Options options = TestServices.options(
                    folder, "patron.sessions.url=" + server.url(), "patron.issuing.tokens-per-minute=200");
            try (Database database = Database.open(options);
                    Valkey valkey = Valkey.open(options, database, MasterKey.of(options))
                            .orElseThrow()) {
                IssuanceRate one = new IssuanceRate(options, Optional.of(valkey));
                IssuanceRate other = new IssuanceRate(options, Optional.of(valkey));

                assertThat(takeAll(one)).isBetween(220, MOST - 1);

                assertThat(takeAll(other)).isBetween(20, 199);
            }
        }
    }

    private int takeAll(IssuanceRate rate) {
        int taken = 0;
        while (taken < MOST && rate.count(session, CLIENT_ID).isZero()) {
            taken++;
        }
        return taken;
    }
}
