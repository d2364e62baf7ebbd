package dev.patron.server.panel;

import dev.patron.server.app.App;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.Place;
import dev.patron.server.script.Script;
import dev.patron.server.script.ScriptDetails;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A script as typed, or as it is.
 *
 * @param script the one that is changed, or empty for a new one
 * @param everyPage whether it stands on every shop page, whatever kinds are chosen
 * @param apps for which there is a snippet to begin with
 * @param faults what is wrong, by form field
 * @param conflict whether it was changed meanwhile
 */
public record ScriptForm(
        StoreRoom room,
        Optional<Script> script,
        String name,
        Place place,
        boolean everyPage,
        Set<PageKind> pages,
        String contents,
        boolean enabled,
        String order,
        List<App> apps,
        Map<String, String> faults,
        boolean conflict) {

    /** Makes the collections immutable. */
    public ScriptForm {
        pages = Set.copyOf(pages);
        apps = List.copyOf(apps);
    }

    static ScriptForm empty(StoreRoom room, List<App> apps, String name, String contents) {
        return new ScriptForm(
                room,
                Optional.empty(),
                name,
                Place.FOOTER,
                true,
                Set.of(),
                contents,
                true,
                Integer.toString(ScriptDetails.DEFAULT_ORDER),
                apps,
                Map.of(),
                false);
    }

    static ScriptForm of(StoreRoom room, Script script) {
        ScriptDetails details = script.details();
        return new ScriptForm(
                room,
                Optional.of(script),
                details.name(),
                details.place(),
                details.pages().isEmpty(),
                details.pages(),
                details.contents(),
                details.enabled(),
                Integer.toString(details.order()),
                List.of(),
                Map.of(),
                false);
    }

    static ScriptForm typed(ConsoleRequest request, StoreRoom room, Optional<Script> script) {
        Set<PageKind> pages = EnumSet.noneOf(PageKind.class);
        for (PageKind kind : PageKind.values()) {
            if (!request.field(field(kind)).isEmpty()) {
                pages.add(kind);
            }
        }
        return new ScriptForm(
                room,
                script,
                request.field("name").strip(),
                request.field("place").equals("HEAD") ? Place.HEAD : Place.FOOTER,
                !request.field("every_page").equals("false"),
                pages,
                request.field("contents").replace("\r\n", "\n"),
                !request.field("enabled").isEmpty(),
                request.field("order").strip(),
                List.of(),
                Map.of(),
                false);
    }

    ScriptForm withFault(String field, String fault) {
        return new ScriptForm(
                room,
                script,
                name,
                place,
                everyPage,
                pages,
                contents,
                enabled,
                order,
                apps,
                Map.of(field, fault),
                false);
    }

    ScriptForm inConflict() {
        return new ScriptForm(
                room, script, name, place, everyPage, pages, contents, enabled, order, apps, Map.of(), true);
    }

    /** What is wrong that the script's own rules do not look at, or null. */
    Map.@Nullable Entry<String, String> fault() {
        if (!everyPage && pages.isEmpty()) {
            return Map.entry("pages", "Choose at least one kind of page, or every page.");
        }
        if (!order.matches("[0-9]{1,4}")) {
            return Map.entry("order", "A script's order is a whole number from 0 to " + ScriptDetails.MAX_ORDER + ".");
        }
        return null;
    }

    ScriptDetails details() {
        return new ScriptDetails(name, place, everyPage ? Set.of() : pages, contents, enabled, Integer.parseInt(order));
    }

    /** The form field of a kind of page. */
    public static String field(PageKind kind) {
        return "on_" + kind.name().toLowerCase(Locale.ROOT);
    }

    /** What people read for a kind of page. */
    public static String label(PageKind kind) {
        return switch (kind) {
            case FRONT -> "Front page";
            case CATEGORY -> "Category pages";
            case PRODUCT -> "Product pages";
        };
    }

    /** What people read for the pages that a script stands on. */
    public static String pages(ScriptDetails details) {
        return details.pages().isEmpty()
                ? "Every page"
                : String.join(
                        ", ",
                        details.pages().stream().sorted().map(ScriptForm::label).toList());
    }
}
