package dev.patron.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.patron.server.options.InvalidOptionException;
import dev.patron.server.options.Options;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients may make the server hold fits the heap, whatever the operator sets. */
final class MemoryBudgetTest {

    private static final long MEBIBYTE = 1024 * 1024;

    @ParameterizedTest
    @ValueSource(longs = {64, 128, 256, 1024, 16 * 1024})
    void whatIsDerived_grows_withTheHeap(long mebibytes) {
        MemoryBudget storefront = MemoryBudget.of(options(), ListenerKind.STOREFRONT, mebibytes * MEBIBYTE);
        MemoryBudget console = MemoryBudget.of(options(), ListenerKind.CONSOLE, mebibytes * MEBIBYTE);

        assertThat(bytes(storefront) + bytes(console)).isBetween(mebibytes * MEBIBYTE / 5, mebibytes * MEBIBYTE / 4);
        assertThat(storefront.connectionsPerNetwork()).isBetween(1, storefront.connections() / 4);
        assertThat(storefront.inFlightPerNetwork()).isBetween(1, storefront.inFlight() / 4);
        assertThat(storefront.incompleteRequests()).isBetween(1, storefront.connections() / 4);
    }

    @ParameterizedTest
    @EnumSource(ListenerKind.class)
    void whatIsSet_isTaken(ListenerKind kind) {
        Options options = options(
                "patron.http.max-connections=7",
                "patron.http.max-connections-per-address=6",
                "patron.http.max-incomplete=5",
                "patron.http.max-in-flight=4",
                "patron.http.max-in-flight-per-address=3",
                "patron.http.body-memory=2000000");

        assertThat(MemoryBudget.of(options, kind, 128 * MEBIBYTE))
                .isEqualTo(new MemoryBudget(
                        7, 6, 5, 4, 3, 2_000_000, kind == ListenerKind.STOREFRONT ? 500_000 : 1024 * 1024));
    }

    @Test
    void heapThatIsTooSmall_isRefused() {
        assertThat(MemoryBudget.of(options(), ListenerKind.STOREFRONT, 64 * MEBIBYTE))
                .isNotNull();

        assertThatThrownBy(() -> MemoryBudget.of(options(), ListenerKind.STOREFRONT, 64 * MEBIBYTE - 1))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("63 MiB")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void moreThanTheHeapHolds_isRefused() {
        assertThat(MemoryBudget.of(options("patron.http.max-connections=500"), ListenerKind.STOREFRONT, 128 * MEBIBYTE))
                .isNotNull();

        assertThatThrownBy(() -> MemoryBudget.of(
                        options("patron.http.max-connections=2000"), ListenerKind.STOREFRONT, 128 * MEBIBYTE))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("patron.http.max-connections")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void memoryThatHoldsNoBody_isRefused() {
        assertThat(MemoryBudget.of(options("patron.http.body-memory=262144"), ListenerKind.STOREFRONT, 128 * MEBIBYTE))
                .isNotNull();

        assertThatThrownBy(() -> MemoryBudget.of(
                        options("patron.http.body-memory=262143"), ListenerKind.STOREFRONT, 128 * MEBIBYTE))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining("patron.http.max-body")
                .hasMessageContaining("262143");
    }

    private static long bytes(MemoryBudget budget) {
        return budget.connections() * 28L * 1024 + budget.inFlight() * 64L * 1024 + budget.bodyBytes();
    }

    private static Options options(String... values) {
        Properties properties = new Properties();
        for (String value : values) {
            int equals = value.indexOf('=');
            properties.setProperty(value.substring(0, equals), value.substring(equals + 1));
        }
        return Options.of(properties, Map.of());
    }
}
