package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.script.InvalidScriptException;
import dev.patron.server.script.PageKind;
import dev.patron.server.script.Place;
import dev.patron.server.script.Script;
import dev.patron.server.script.ScriptDetails;
import dev.patron.server.script.Scripts;
import dev.patron.server.sql.RevisionConflictException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /api/v1/stores/{store_hash}/scripts}: what a merchant puts into the pages of their shop. */
final class ScriptsApi {

    private static final String SCRIPTS = "/scripts";
    private static final String PATH = StoresApi.PATH + "/*" + SCRIPTS;
    private static final int STORE_HASH = StoresApi.STORE_HASH;
    private static final int SCRIPT_ID = 5;
    private static final Set<String> MEMBERS = Set.of("name", "place", "pages", "contents", "enabled", "order");
    private static final String EVERY_PAGE = "all";
    private static final String PAGES = "pages must list all, or some of front, category and product.";
    private static final Problem NO_SUCH_SCRIPT = new Problem(
            404,
            "no_such_script",
            "This store has no script with this id",
            "List the store's scripts to see their ids.");

    private final Scripts scripts;

    ScriptsApi(Scripts scripts) {
        this.scripts = scripts;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", PATH, guard.store(Action.SEE_STORE, this::list))
                .on("POST", PATH, guard.store(Action.MANAGE_SCRIPTS, this::create))
                .on("GET", PATH + "/*", guard.store(Action.SEE_STORE, this::show))
                .on("PATCH", PATH + "/*", guard.store(Action.MANAGE_SCRIPTS, this::update))
                .on("DELETE", PATH + "/*", guard.store(Action.MANAGE_SCRIPTS, this::remove));
    }

    private void list(Exchange exchange) {
        String storeHash = exchange.segment(STORE_HASH);
        exchange.sendJson(
                200,
                Json.write(Map.of(
                        "scripts",
                        scripts.list(storeHash).stream()
                                .map(ScriptsApi::withoutContents)
                                .toList())));
    }

    private void create(Exchange exchange) {
        Body body = Body.of(exchange, MEMBERS);
        Script script = checked(() -> {
            ScriptDetails details = new ScriptDetails(
                    body.requiredText("name"),
                    place(body.requiredText("place")),
                    body.has("pages") ? pages(body.texts("pages")) : Set.of(),
                    body.requiredText("contents"),
                    body.flag("enabled").orElse(true),
                    body.number("order").orElse(ScriptDetails.DEFAULT_ORDER));
            return scripts.create(exchange.segment(STORE_HASH), details)
                    .orElseThrow(() -> new ProblemException(StoresApi.UNKNOWN_STORE));
        });
        exchange.with("Location", StoresApi.PATH + "/" + script.storeHash() + SCRIPTS + "/" + script.id());
        answer(exchange, 201, script);
    }

    private void show(Exchange exchange) {
        Script script = scripts.find(exchange.segment(STORE_HASH), id(exchange))
                .orElseThrow(() -> new ProblemException(NO_SUCH_SCRIPT));
        answer(exchange, 200, script);
    }

    private void update(Exchange exchange) {
        Body body = Body.of(exchange, MEMBERS);
        if (MEMBERS.stream().noneMatch(body::has)) {
            throw Body.invalid("There is nothing to change: name, place, pages, contents, enabled or order.");
        }
        Script script = checked(() -> scripts.update(
                        exchange.segment(STORE_HASH),
                        id(exchange),
                        Revisions.expected(exchange),
                        details -> new ScriptDetails(
                                body.text("name").orElse(details.name()),
                                body.text("place").map(ScriptsApi::place).orElse(details.place()),
                                body.has("pages") ? pages(body.texts("pages")) : details.pages(),
                                body.text("contents").orElse(details.contents()),
                                body.flag("enabled").orElse(details.enabled()),
                                body.number("order").orElse(details.order())))
                .orElseThrow(() -> new ProblemException(NO_SUCH_SCRIPT)));
        answer(exchange, 200, script);
    }

    private void remove(Exchange exchange) {
        boolean removed =
                checked(() -> scripts.remove(exchange.segment(STORE_HASH), id(exchange), Revisions.expected(exchange)));
        if (!removed) {
            throw new ProblemException(NO_SUCH_SCRIPT);
        }
        exchange.send(204);
    }

    private static <T> T checked(Supplier<T> work) {
        try {
            return work.get();
        } catch (InvalidScriptException invalid) {
            throw Body.invalid(invalid.member() + ": " + invalid.detail());
        } catch (RevisionConflictException conflict) {
            throw Revisions.refusal(conflict);
        }
    }

    private static void answer(Exchange exchange, int status, Script script) {
        Map<String, Object> members = withoutContents(script);
        members.put("contents", script.details().contents());
        Revisions.tag(exchange, script.revision()).sendJson(status, Json.write(members));
    }

    private static long id(Exchange exchange) {
        String text = exchange.segment(SCRIPT_ID);
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw new ProblemException(NO_SUCH_SCRIPT);
        }
        return Long.parseLong(text);
    }

    private static Place place(String name) {
        return switch (name) {
            case "head" -> Place.HEAD;
            case "footer" -> Place.FOOTER;
            default -> throw Body.invalid("place must be head or footer.");
        };
    }

    /** Every page is said in so many words: an empty list is more likely a mistake. */
    private static Set<PageKind> pages(Set<String> names) {
        if (names.equals(Set.of(EVERY_PAGE))) {
            return Set.of();
        }
        Set<PageKind> kinds = EnumSet.noneOf(PageKind.class);
        for (String name : names) {
            kinds.add(
                    switch (name) {
                        case "front" -> PageKind.FRONT;
                        case "category" -> PageKind.CATEGORY;
                        case "product" -> PageKind.PRODUCT;
                        default -> throw Body.invalid(PAGES);
                    });
        }
        if (kinds.isEmpty()) {
            throw Body.invalid(PAGES);
        }
        return kinds;
    }

    private static Map<String, Object> withoutContents(Script script) {
        ScriptDetails details = script.details();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", script.id());
        members.put("store_hash", script.storeHash());
        members.put("name", details.name());
        members.put("place", lowerCase(details.place()));
        members.put(
                "pages",
                details.pages().isEmpty()
                        ? List.of(EVERY_PAGE)
                        : details.pages().stream()
                                .sorted()
                                .map(ScriptsApi::lowerCase)
                                .toList());
        members.put("enabled", details.enabled());
        members.put("order", details.order());
        members.put("revision", script.revision());
        members.put("created_at", script.createdAt().toString());
        members.put("updated_at", script.updatedAt().toString());
        return members;
    }

    private static String lowerCase(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
