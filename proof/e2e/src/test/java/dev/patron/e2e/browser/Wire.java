package dev.patron.e2e.browser;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What a page's requests carried and what came back, also where the browser hides it from the page. */
final class Wire {

    /** A request and its answer. */
    record Exchange(boolean withSession, int status) {}

    private final Page page;
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, Boolean> withSession = new HashMap<>();
    private final Map<String, Integer> statuses = new HashMap<>();

    /** Listens to a page from now on. */
    Wire(BrowserContext visitor, Page page) {
        this.page = page;
        CDPSession devTools = visitor.newCDPSession(page);
        devTools.on(
                "Network.requestWillBeSent",
                event -> ids.put(event.getAsJsonObject("request").get("url").getAsString(), id(event)));
        devTools.on("Network.requestWillBeSentExtraInfo", event -> withSession.put(id(event), carriesSession(event)));
        devTools.on(
                "Network.responseReceivedExtraInfo",
                event -> statuses.put(id(event), event.get("statusCode").getAsInt()));
        var _ = devTools.send("Network.enable");
    }

    /** What was sent to an address and came back, once both have. */
    Exchange exchange(String url) {
        page.waitForCondition(() -> {
            String id = ids.get(url);
            return id != null && withSession.containsKey(id) && statuses.containsKey(id);
        });
        String id = ids.get(url);
        return new Exchange(Objects.requireNonNull(withSession.get(id)), Objects.requireNonNull(statuses.get(id)));
    }

    private static boolean carriesSession(JsonObject event) {
        return event.getAsJsonObject("headers").entrySet().stream()
                .filter(header -> header.getKey().equalsIgnoreCase("Cookie"))
                .map(Map.Entry::getValue)
                .map(JsonElement::getAsString)
                .anyMatch(cookies -> cookies.contains("SHOP_SESSION_TOKEN="));
    }

    private static String id(JsonObject event) {
        return event.get("requestId").getAsString();
    }
}
