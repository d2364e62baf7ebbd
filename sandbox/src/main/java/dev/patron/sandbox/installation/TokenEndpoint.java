package dev.patron.sandbox.installation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.patron.sandbox.installation.AuthorizationCodes.Claim;
import dev.patron.sandbox.installation.AuthorizationCodes.Consent;
import dev.patron.sandbox.installation.AuthorizationCodes.Exchange.Granted;
import dev.patron.sandbox.installation.AuthorizationCodes.Exchange.Refused;
import dev.patron.sandbox.installation.Users.User;
import dev.patron.server.app.App;
import dev.patron.server.app.Apps;
import dev.patron.server.app.Rotation;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Form;
import dev.patron.server.http.Handler;
import dev.patron.server.http.Json;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * {@code POST /oauth2/token}: an app exchanges a code for an access token. It takes JSON and forms, and answers as the platform
 * does: 400 with {@code {"error":"…"}} for whatever is wrong. Who may read the answer is decided by the client secret alone, so
 * it does not matter what page asks.
 */
final class TokenEndpoint implements Handler {

    static final String PATH = "/oauth2/token";

    private static final int BAD_REQUEST = 400;

    private final Apps apps;
    private final Rotation rotation;
    private final AuthorizationCodes codes;
    private final Users users;

    TokenEndpoint(Apps apps, Rotation rotation, AuthorizationCodes codes, Users users) {
        this.apps = apps;
        this.rotation = rotation;
        this.codes = codes;
        this.users = users;
    }

    @Override
    public void handle(Exchange exchange) {
        UnaryOperator<String> fields = fields(exchange);
        exchange.with("Pragma", "no-cache");
        if (!fields.apply("grant_type").equals("authorization_code")) {
            refuse(exchange, "Invalid grant type. It has to be authorization_code.");
            return;
        }
        String clientId = fields.apply("client_id");
        Optional<App> app = apps.find(clientId);
        if (app.isEmpty()) {
            refuse(exchange, "Invalid client id.");
            return;
        }
        if (!knowsSecret(app.get(), fields.apply("client_secret"))) {
            refuse(exchange, "Invalid client secret.");
            return;
        }
        Claim claim = new Claim(
                clientId,
                fields.apply("context"),
                fields.apply("redirect_uri"),
                StoreScope.parse(fields.apply("scope")));
        switch (codes.exchange(fields.apply("code"), claim)) {
            case Granted granted -> exchange.sendJson(200, Json.write(answer(granted)));
            case Refused refused -> refuse(exchange, refused.error());
        }
    }

    /** Looks at all secrets, whichever fits, and at all of each. */
    private boolean knowsSecret(App app, String shown) {
        byte[] bytes = shown.getBytes(UTF_8);
        return rotation.open(app).stream()
                        .filter(secret ->
                                MessageDigest.isEqual(secret.value().reveal().getBytes(UTF_8), bytes))
                        .count()
                > 0;
    }

    private Map<String, Object> answer(Granted granted) {
        Consent consent = granted.consent();
        User user = users.find(consent.memberId());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("access_token", granted.token().reveal());
        answer.put("scope", StoreScope.text(consent.scopes()));
        answer.put("user", about(user));
        answer.put("owner", about(users.owner(user)));
        answer.put("context", SignedPayload.context(consent.storeHash()));
        answer.put("account_uuid", SignedPayload.account(consent.storeHash()).toString());
        return answer;
    }

    private static Map<String, Object> about(User user) {
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("id", user.id());
        about.put("username", user.email());
        about.put("email", user.email());
        return about;
    }

    private static void refuse(Exchange exchange, String error) {
        exchange.sendJson(BAD_REQUEST, Json.write(Map.of("error", error)));
    }

    /** The fields of the body, whichever form it has: empty text for one that is not there, or is no text. */
    private static UnaryOperator<String> fields(Exchange exchange) {
        String type = exchange.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.startsWith("application/json")) {
            Map<String, Object> members = Json.readObject(exchange.body());
            return name -> members.get(name) instanceof String text ? text : "";
        }
        Form form = exchange.form();
        return form::field;
    }
}
