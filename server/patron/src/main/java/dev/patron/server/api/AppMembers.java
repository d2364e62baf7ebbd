package dev.patron.server.api;

import dev.patron.server.app.App;
import dev.patron.server.app.AppDetails;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.ExtraClaim;
import dev.patron.server.app.PersonalClaim;
import dev.patron.token.ClientSecret;
import dev.patron.token.JwsAlgorithm;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Apps as the API's JSON has them. */
final class AppMembers {

    /** What the owner may change, by member. */
    static final Set<String> DETAILS = Set.of("name", "description", "algorithm", "extra_claims", "needs", "origins");

    private AppMembers() {}

    /** The app. */
    static Map<String, Object> of(App app) {
        AppDetails details = app.details();
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("client_id", app.clientId());
        members.put("name", details.name());
        members.put("description", details.description());
        members.put("algorithm", details.algorithm().name());
        members.put(
                "extra_claims",
                details.extraClaims().stream().map(ExtraClaim::claim).sorted().toList());
        members.put(
                "needs",
                details.needs().stream().map(PersonalClaim::claim).sorted().toList());
        members.put("origins", new TreeSet<>(details.origins()));
        members.put("every_store", app.everyStore());
        members.put("allowed_stores", new TreeSet<>(app.allowedStores()));
        members.put("barred_stores", new TreeSet<>(app.barredStores()));
        members.put("disabled", app.disabled());
        members.put("blocked", app.blocked());
        members.put("secrets", app.secrets().stream().map(AppMembers::of).toList());
        members.put("revision", app.revision());
        members.put("created_at", app.createdAt().toString());
        return members;
    }

    /** What may be known of a secret. */
    static Map<String, Object> of(AppSecret secret) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("id", secret.id());
        members.put("state", secret.state().name().toLowerCase(Locale.ROOT));
        members.put("fingerprint", secret.fingerprint());
        members.put("length", secret.length());
        members.put("created_at", secret.createdAt().toString());
        members.put("signs_from", secret.signsFrom().map(Instant::toString).orElse(null));
        members.put(
                "last_signed_at", secret.lastSignedAt().map(Instant::toString).orElse(null));
        members.put(
                "last_verified_at",
                secret.lastVerifiedAt().map(Instant::toString).orElse(null));
        return members;
    }

    /** What becomes of details when a body changes some of them. */
    static AppDetails changed(Body body, AppDetails details) {
        return new AppDetails(
                body.text("name").orElse(details.name()),
                body.text("description").orElse(details.description()),
                body.text("algorithm").map(AppMembers::algorithm).orElse(details.algorithm()),
                body.has("extra_claims") ? extraClaims(body.texts("extra_claims")) : details.extraClaims(),
                body.has("needs") ? needs(body.texts("needs")) : details.needs(),
                body.has("origins") ? body.texts("origins") : details.origins());
    }

    /** A secret that is taken over from elsewhere. */
    static ClientSecret secret(String text) {
        if (text.isEmpty()) {
            throw Body.invalid("client_secret must not be empty; leave it out for a new one.");
        }
        return ClientSecret.of(text);
    }

    private static JwsAlgorithm algorithm(String name) {
        return switch (name) {
            case "HS256" -> JwsAlgorithm.HS256;
            case "HS512" -> JwsAlgorithm.HS512;
            default -> throw Body.invalid("algorithm must be HS256 or HS512.");
        };
    }

    private static Set<ExtraClaim> extraClaims(Set<String> names) {
        Set<ExtraClaim> claims = EnumSet.noneOf(ExtraClaim.class);
        for (String name : names) {
            claims.add(
                    switch (name) {
                        case "jti" -> ExtraClaim.JWT_ID;
                        case "channel_id" -> ExtraClaim.CHANNEL_ID;
                        default -> throw Body.invalid("extra_claims may list jti and channel_id.");
                    });
        }
        return claims;
    }

    private static Set<PersonalClaim> needs(Set<String> names) {
        Set<PersonalClaim> claims = EnumSet.noneOf(PersonalClaim.class);
        for (String name : names) {
            claims.add(
                    switch (name) {
                        case "email" -> PersonalClaim.EMAIL;
                        case "group_id" -> PersonalClaim.GROUP_ID;
                        default -> throw Body.invalid("needs may list email and group_id.");
                    });
        }
        return claims;
    }
}
