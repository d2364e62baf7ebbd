package dev.patron.server.developers;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.app.App;
import dev.patron.server.app.AppRules;
import dev.patron.server.app.AppSecret;
import dev.patron.server.app.Apps;
import dev.patron.server.app.Rotation;
import dev.patron.server.app.RotationException;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.http.Routes;
import dev.patron.server.sql.RevisionConflictException;
import dev.patron.server.text.VisibleText;
import dev.patron.token.ClientSecret;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An app's client secrets, and replacing them without downtime. */
final class SecretsPages {

    private static final String CONFLICT = "Nothing was changed: the app was changed meanwhile, in another tab or by"
            + " somebody else. This page shows it as it is now. Look at it, and decide again.";
    private static final String NO_MOMENT =
            "Enter a day and a time in UTC, such as 2026-12-31 23:00, or choose to sign with it now.";

    private final ConsolePages pages;
    private final OwnApps ownApps;
    private final Rotation rotation;
    private final InstantSource clock;

    SecretsPages(ConsolePages pages, OwnApps ownApps, Rotation rotation, InstantSource clock) {
        this.pages = pages;
        this.ownApps = ownApps;
        this.rotation = rotation;
        this.clock = clock;
    }

    void addTo(Routes routes) {
        String route = AppTab.SECRETS.route();
        routes.on("GET", route, pages.member(this::show))
                .on("POST", route, pages.member(request -> change(request, this::make)))
                .on("POST", route + "/sign", pages.member(request -> change(request, this::sign)))
                .on("POST", route + "/cancel", pages.member(request -> change(request, this::cancel)))
                .on("POST", route + "/retire", pages.member(request -> change(request, this::retire)));
    }

    @FunctionalInterface
    private interface Change {
        void make(ConsoleRequest request, App app);
    }

    /** Makes a change, or shows why it cannot be made, with everything as it is. */
    private void change(ConsoleRequest request, Change change) {
        App app = ownApps.require(request, Action.CHANGE_APP);
        try {
            change.make(request, app);
        } catch (RevisionConflictException meanwhile) {
            refuse(request, 409, CONFLICT, Map.of());
        } catch (RotationException refused) {
            if (refused.reason() == RotationException.Reason.TOO_FAR) {
                refuse(request, 422, null, Map.of("at", refused.detail()));
            } else {
                refuse(request, 409, refused.detail(), Map.of());
            }
        }
    }

    private void show(ConsoleRequest request) {
        App app = ownApps.require(request, Action.SEE_APP);
        String notice = switch (request.parameter("notice")) {
            case "signing" -> "Tokens are signed with the current secret below from now on. You can undo it.";
            case "scheduled" -> "The change of the signing secret is planned.";
            case "cancelled" -> "The planned change is cancelled. The current secret signs on.";
            case "retired" -> "The secret is retired: it is gone for good.";
            default -> null;
        };
        send(request, 200, new SecretViews.Secrets(app, clock.instant(), "", false, null, Map.of(), notice));
    }

    private void make(ConsoleRequest request, App app) {
        String given = request.field("client_secret").strip();
        if (!given.isEmpty()) {
            Optional<String> fault = AppRules.secret(ClientSecret.of(given));
            if (fault.isPresent()) {
                refuse(request, 422, null, Map.of("client_secret", fault.get()));
                return;
            }
        }
        Apps.Registered made = rotation.makeSecret(
                        app.clientId(),
                        request.revision(),
                        given.isEmpty() ? Optional.empty() : Optional.of(ClientSecret.of(given)))
                .orElseThrow(Access::noSuchObject);
        pages.send(
                request,
                200,
                "Keep the secret",
                "developers/credentials.jte",
                new AppViews.Credentials(made.app(), made.secret().reveal(), false));
    }

    private void sign(ConsoleRequest request, App app) {
        Optional<Instant> from = Optional.empty();
        if (request.field("when").equals("at")) {
            from = moment(request.field("at"));
            if (from.isEmpty()) {
                refuse(request, 422, null, Map.of("at", NO_MOMENT));
                return;
            }
            if (!from.get().isAfter(clock.instant())) {
                refuse(request, 422, null, Map.of("at", "This moment has passed, in UTC. Enter one that is ahead."));
                return;
            }
        }
        found(rotation.signWith(app.clientId(), request.revision(), secretId(request), from));
        done(request, app, from.isPresent() ? "scheduled" : "signing");
    }

    private void cancel(ConsoleRequest request, App app) {
        found(rotation.cancel(app.clientId(), request.revision()));
        done(request, app, "cancelled");
    }

    private void retire(ConsoleRequest request, App app) {
        Optional<AppSecret> secret =
                app.otherSecret().filter(other -> other.id() == secretId(request) && !Confirmation.isGiven(request));
        if (secret.isPresent()) {
            RevisionConflictException.unlessCurrent(request.revision(), app.revision());
            pages.ask(request, question(request, app, secret.get()));
            return;
        }
        // What is none of the app's secrets, or the one that signs, is refused with the reason.
        found(rotation.retire(app.clientId(), request.revision(), secretId(request)));
        done(request, app, "retired");
    }

    private Confirmation question(ConsoleRequest request, App app, AppSecret secret) {
        boolean next = secret.state() == AppSecret.State.NEXT;
        String what = (next ? "Discard the next secret of " : "Retire the previous secret of ")
                + VisibleText.isolated(app.name()) + "?";
        return Confirmation.irreversible(what, next ? "Discard it" : "Retire it", AppTab.SECRETS.path(app))
                .about("App", app.name())
                .about("Owner", pages.owner(app))
                .about("Fingerprint", secret.fingerprint())
                .follows("The secret is gone for good. It can neither sign nor be shown again.")
                .follows(
                        next
                                ? "No token was signed with it, unless it signed before. Take it out of your server's list."
                                : "Tokens that it signed are not recognised by the portal any more. Take it out of your server's"
                                        + " list.")
                .repeating(request, "revision", "secret_id");
    }

    private void refuse(ConsoleRequest request, int status, @Nullable String refusal, Map<String, String> faults) {
        send(
                request,
                status,
                new SecretViews.Secrets(
                        ownApps.require(request, Action.CHANGE_APP),
                        clock.instant(),
                        request.field("at"),
                        request.field("when").equals("at"),
                        refusal,
                        faults,
                        null));
    }

    private void send(ConsoleRequest request, int status, SecretViews.Secrets page) {
        pages.send(
                request,
                status,
                (status == 409 ? "Not done: " : "") + "Secrets of "
                        + VisibleText.isolated(page.app().name()),
                "developers/secrets.jte",
                page);
    }

    private static void done(ConsoleRequest request, App app, String notice) {
        request.exchange().redirect(AppTab.SECRETS.path(app) + "?notice=" + notice);
    }

    private static void found(Optional<App> app) {
        if (app.isEmpty()) {
            throw Access.noSuchObject();
        }
    }

    /** Ids are positive: 0 is never one. */
    private static long secretId(ConsoleRequest request) {
        String text = request.field("secret_id");
        return text.matches("[1-9][0-9]{0,17}") ? Long.parseLong(text) : 0;
    }

    /** A {@code datetime-local} field, read as UTC; people without one may type a space for the T. */
    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(
                    LocalDateTime.parse(text.strip().replace(' ', 'T')).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
