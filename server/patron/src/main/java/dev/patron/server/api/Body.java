package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The members of a JSON request body. Unknown members and wrong types are refused with 422, naming the member. */
final class Body {

    private final Map<String, Object> members;

    private Body(Map<String, Object> members) {
        this.members = members;
    }

    static Body of(Exchange exchange, Set<String> known) {
        String type = exchange.header("Content-Type").orElse("");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new ProblemException(new Problem(
                    415, "unsupported_media_type", "The body is not JSON", "Send Content-Type: application/json."));
        }
        Map<String, Object> members = Json.readObject(exchange.body());
        for (String member : members.keySet()) {
            if (!known.contains(member)) {
                throw invalid(
                        "There is no member " + member + ": use " + String.join(", ", new TreeSet<>(known)) + ".");
            }
        }
        return new Body(members);
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(new Problem(422, "invalid", "The request is not valid", detail));
    }

    Optional<String> text(String name) {
        return switch (members.get(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(checked(name, text));
            default -> throw invalid(name + " must be a string.");
        };
    }

    /** No database and no UTF-8 has a place for these. */
    private static String checked(String name, String text) {
        if (text.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw invalid(name + " must not have NUL or unpaired surrogates.");
        }
        return text;
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> invalid(name + " is required, as a string."));
    }

    Optional<Boolean> flag(String name) {
        return switch (members.get(name)) {
            case null -> Optional.empty();
            case Boolean flag -> Optional.of(flag);
            default -> throw invalid(name + " must be true or false.");
        };
    }

    Optional<Integer> number(String name) {
        return switch (members.get(name)) {
            case null -> Optional.empty();
            case Integer number -> Optional.of(number);
            default -> throw invalid(name + " must be a whole number, and not a huge one.");
        };
    }

    /** Whether the member is there, and not null. */
    boolean has(String name) {
        return members.get(name) != null;
    }

    Set<String> texts(String name) {
        Set<String> texts = new LinkedHashSet<>();
        switch (members.get(name)) {
            case null -> {}
            case List<?> list -> {
                for (Object element : list) {
                    if (!(element instanceof String text)) {
                        throw invalid(name + " must be a list of strings.");
                    }
                    texts.add(checked(name, text));
                }
            }
            default -> throw invalid(name + " must be a list of strings.");
        }
        return texts;
    }
}
