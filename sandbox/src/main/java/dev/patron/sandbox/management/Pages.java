package dev.patron.sandbox.management;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The page of a list that is asked for.
 *
 * @param page from 1
 */
record Pages(int page, int limit) {

    private static final int DEFAULT_LIMIT = 50;
    private static final int MAX_LIMIT = 250;
    private static final int MAX_PAGE = 1_000_000;

    static Pages of(Call call) {
        if (call.version() == Version.V2
                && call.number("limit", 0, Integer.MAX_VALUE).orElse(0) > MAX_LIMIT) {
            throw new Refusal(413, "limit: The most is " + MAX_LIMIT + ".");
        }
        return new Pages((int) call.number("page", 1, MAX_PAGE).orElse(1), (int)
                call.number("limit", 1, MAX_LIMIT).orElse(DEFAULT_LIMIT));
    }

    <T> List<T> of(List<T> all) {
        return all.stream().skip((page - 1L) * limit).limit(limit).toList();
    }

    /** Answers with a page in the way of v2: the bare list, and nothing at all when it is empty. */
    <T> void answerList(Call call, List<T> all, Function<T, Map<String, Object>> members) {
        List<Map<String, Object>> shown = of(all).stream().map(members).toList();
        if (shown.isEmpty()) {
            call.answerNothing();
        } else {
            call.answer(shown);
        }
    }

    /** Answers with a page in the way of v3: an envelope that tells where in the list it is. */
    <T> void answerEnvelope(Call call, List<T> all, Function<T, Map<String, Object>> members) {
        List<Map<String, Object>> shown = of(all).stream().map(members).toList();
        int pages = (all.size() + limit - 1) / limit;
        Map<String, Object> links = new LinkedHashMap<>();
        if (page > 1) {
            links.put("previous", link(call, page - 1));
        }
        links.put("current", link(call, page));
        if (page < pages) {
            links.put("next", link(call, page + 1));
        }
        Map<String, Object> pagination = new LinkedHashMap<>();
        pagination.put("total", all.size());
        pagination.put("count", shown.size());
        pagination.put("per_page", limit);
        pagination.put("current_page", page);
        pagination.put("total_pages", pages);
        pagination.put("links", links);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", shown);
        answer.put("meta", Map.of("pagination", pagination));
        call.answer(answer);
    }

    private String link(Call call, int other) {
        List<String> parts = new ArrayList<>();
        for (String name : List.of(
                "id:in",
                "email:in",
                "name:like",
                "name",
                "keyword",
                "include",
                "include_fields",
                "sort",
                "direction")) {
            call.text(name)
                    .ifPresent(value -> parts.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
        }
        parts.add("page=" + other);
        parts.add("limit=" + limit);
        return "?" + String.join("&", parts);
    }
}
