package dev.patron.server.panel;

import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.store.Store;
import dev.patron.server.store.StoreDetails;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What may be said of a store, as typed.
 *
 * @param hosts one to a line
 * @param faults what is wrong, by form field
 */
public record StoreForm(
        String hash, String name, String hosts, boolean https, boolean openToDevelopers, Map<String, String> faults) {

    static final StoreForm EMPTY = new StoreForm("", "", "", true, false, Map.of());

    static StoreForm of(Store store, List<String> hosts) {
        return new StoreForm(
                store.hash(),
                store.name(),
                String.join("\n", hosts),
                store.https(),
                store.openToDevelopers(),
                Map.of());
    }

    static StoreForm typed(ConsoleRequest request, String hash) {
        return new StoreForm(
                hash,
                request.field("name").strip(),
                request.field("hosts").replace("\r\n", "\n"),
                !request.field("https").isEmpty(),
                !request.field("open_to_developers").isEmpty(),
                Map.of());
    }

    StoreForm withFault(String field, String fault) {
        return new StoreForm(hash, name, hosts, https, openToDevelopers, Map.of(field, fault));
    }

    StoreForm inConflict() {
        return withFault("", PanelPages.CONFLICT);
    }

    StoreDetails details() {
        return new StoreDetails(name, https, openToDevelopers, hostList());
    }

    /** The hosts that the lines name, as storage has them. */
    List<String> hostList() {
        return Arrays.stream(hosts.split("[\\s,]+"))
                .filter(host -> !host.isEmpty())
                .map(host -> host.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }
}
