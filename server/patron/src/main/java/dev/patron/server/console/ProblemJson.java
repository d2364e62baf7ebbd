package dev.patron.server.console;

import dev.patron.endpoint.Problem;
import dev.patron.server.http.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** Problems in the shape of RFC 9457: {@code application/problem+json}. */
final class ProblemJson {

    private ProblemJson() {}

    static byte[] write(Problem problem) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("status", problem.status());
        members.put("id", problem.id());
        members.put("title", problem.title());
        members.put("detail", problem.detail());
        members.put("type", "about:blank");
        return Json.write(members);
    }
}
