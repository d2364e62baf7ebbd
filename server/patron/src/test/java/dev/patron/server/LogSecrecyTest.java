package dev.patron.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The watch over the log notices what it is there for. */
class LogSecrecyTest {

    private static final String SECRET = "correct horse battery";

    /** Opens and closes the watch of each test, which checks by itself. */
    @RegisterExtension
    private final Watch watch = new Watch();

    private static final class Watch implements BeforeEachCallback, AfterEachCallback {

        private final LogSecrecy logs = new LogSecrecy();

        @Override
        public void beforeEach(ExtensionContext context) {
            logs.beforeEach(context);
        }

        @Override
        public void afterEach(ExtensionContext context) {
            logs.lines().clear();
            logs.afterEach(context);
        }
    }

    @Test
    void check_harmlessLine_passes() {
        watch.logs.watch(SECRET);
        Logger.getLogger("dev.patron.server.any").fine("Somebody signed in");

        watch.logs.check();
        assertThat(watch.logs.lines()).anyMatch(line -> line.contains("Somebody signed in"));
    }

    @Test
    void check_secretInAMessage_fails() {
        watch.logs.watch(SECRET);
        Logger.getLogger("dev.patron.server.any").finest("Somebody typed " + SECRET);

        fails();
    }

    @Test
    void check_secretInAParameter_fails() {
        watch.logs.watch(SECRET);
        Logger.getLogger("io.helidon.any").log(Level.FINE, "Somebody typed {0}", SECRET);

        fails();
    }

    @Test
    void check_secretInACause_fails() {
        watch.logs.watch(SECRET);
        Logger.getLogger("com.zaxxer.any")
                .log(Level.WARNING, "It failed", new IllegalStateException(new IllegalArgumentException(SECRET)));

        fails();
    }

    @Test
    void check_loggedBySystemLogger_fails() {
        watch.logs.watch(SECRET);
        System.getLogger("dev.patron.server.any").log(System.Logger.Level.WARNING, () -> "Typed: " + SECRET);

        fails();
    }

    @Test
    void watch_shortText_isRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> watch.logs.watch("abc"));
    }

    private void fails() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(watch.logs::check)
                .withMessageContaining("The log tells the secret");
    }
}
