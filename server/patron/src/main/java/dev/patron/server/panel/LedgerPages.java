package dev.patron.server.panel;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.audit.Cursor;
import dev.patron.server.audit.Disclosure;
import dev.patron.server.audit.Disclosures;
import dev.patron.server.audit.Page;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The ledger of disclosures of a store: which app was told what about whom, to be searched and downloaded. */
final class LedgerPages {

    private static final int SHOWN = 50;

    private final ConsolePages pages;
    private final PanelStores panel;
    private final Disclosures disclosures;
    private final Apps apps;
    private final Duration kept;

    /** @param kept how long disclosures are kept */
    LedgerPages(ConsolePages pages, PanelStores panel, Disclosures disclosures, Apps apps, Duration kept) {
        this.pages = pages;
        this.panel = panel;
        this.disclosures = disclosures;
        this.apps = apps;
        this.kept = kept;
    }

    void addTo(Routes routes) {
        routes.on("GET", PanelTab.LEDGER.route(), pages.member(this::list))
                .on("GET", PanelTab.LEDGER.route() + "/csv", pages.member(this::download));
    }

    private void list(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_LEDGER);
        LedgerFilter filter = LedgerFilter.of(request);
        Optional<Cursor> after = Cursor.parse(request.parameter("after"));
        boolean well = filter.faults().isEmpty();
        Page<Disclosure> page = well
                ? disclosures.ofStore(store.hash(), filter.wanted(), after.orElse(Cursor.START), SHOWN)
                : new Page<>(List.of(), Optional.empty());
        pages.send(
                request,
                well ? 200 : 422,
                "Ledger of " + store.name(),
                "panel/ledger.jte",
                new LedgerView(
                        StoreRoom.of(request, store, null), filter, page, names(page.items()), after.isEmpty(), kept));
    }

    private void download(ConsoleRequest request) {
        Store store = panel.require(request, Action.SEE_LEDGER);
        LedgerFilter filter = LedgerFilter.of(request);
        if (!filter.faults().isEmpty()) {
            throw new ProblemException(
                    Problem.badRequest(String.join(" ", filter.faults().values())));
        }
        request
                .exchange()
                .with("Content-Disposition", "attachment; filename=\"ledger-" + store.hash() + ".csv\"")
                .stream(
                        "text/csv; charset=utf-8; header=present",
                        out -> disclosures.export(store.hash(), filter.wanted(), out));
    }

    /** What the apps are called now; a deleted one has no name any more. */
    private Map<String, String> names(List<Disclosure> shown) {
        return shown.stream()
                .map(Disclosure::clientId)
                .distinct()
                .flatMap(clientId -> apps.find(clientId).stream())
                .collect(Collectors.toMap(App::clientId, App::name));
    }
}
