package dev.patron.sandbox.management;

import dev.patron.server.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two generations of the API, which tell errors differently ({@code contract.md} section 4.3). */
enum Version {
    V2,
    V3;

    private static final String TYPE = "https://developer.bigcommerce.com/api-docs/getting-started/api-status-codes";

    byte[] describe(Refusal refusal) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", refusal.status());
        if (this == V2) {
            members.put("message", refusal.title());
            return Json.write(List.of(members));
        }
        members.put("title", refusal.title());
        members.put("type", TYPE);
        members.put("errors", refusal.fields());
        return Json.write(members);
    }
}
