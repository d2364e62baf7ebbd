package dev.patron.server.panel;

import dev.patron.server.audit.Disclosure;
import dev.patron.server.audit.Page;
import java.time.Duration;
import java.util.Map;

/**
 * A page of the ledger.
 *
 * @param names what apps are called, by client id; without those that are deleted
 * @param first whether it is the first page
 * @param kept how long disclosures are kept
 */
public record LedgerView(
        StoreRoom room,
        LedgerFilter filter,
        Page<Disclosure> page,
        Map<String, String> names,
        boolean first,
        Duration kept) {

    /** The link to the first page. */
    public String firstPath() {
        return PanelTab.LEDGER.path(room.store()) + (filter.isSet() ? "?" + filter.query() : "");
    }

    /** The link to the page that begins there. */
    public String nextPath(String cursor) {
        return PanelTab.LEDGER.path(room.store()) + "?after=" + cursor + (filter.isSet() ? "&" + filter.query() : "");
    }

    /** The link to all of it, as a file. */
    public String csvPath() {
        return PanelTab.LEDGER.path(room.store()) + "/csv" + (filter.isSet() ? "?" + filter.query() : "");
    }

    /** How long disclosures are kept, as people say it. */
    public String keptText() {
        long days = kept.toDays();
        return days == 0 ? kept.toHours() + " hours" : days == 1 ? "1 day" : days + " days";
    }
}
