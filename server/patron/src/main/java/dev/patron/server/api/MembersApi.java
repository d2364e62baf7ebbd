package dev.patron.server.api;

import dev.patron.endpoint.Problem;
import dev.patron.server.access.Action;
import dev.patron.server.console.Invitation;
import dev.patron.server.console.MemberPages;
import dev.patron.server.http.Exchange;
import dev.patron.server.http.Json;
import dev.patron.server.http.ProblemException;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.member.Role;
import dev.patron.server.options.Options;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.store.Stores;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code /api/v1/members}: who signs in to the console. */
final class MembersApi {

    private static final String PATH = "/api/v1/members";
    private static final int MEMBER_ID = 3;
    private static final Problem NO_SUCH_MEMBER =
            new Problem(404, "no_such_member", "There is no member with this id", "List the members to see their ids.");
    private static final Problem LAST_OPERATOR = new Problem(
            409,
            "last_operator",
            "This is the last operator",
            "Nothing was changed. Without an operator nobody could run the server: enable or invite another one first.");

    private final Members members;
    private final Stores stores;
    private final OneTimeLinks links;
    private final String scheme;
    private final InstantSource clock;

    MembersApi(Members members, Stores stores, OneTimeLinks links, Options options, InstantSource clock) {
        this.members = members;
        this.stores = stores;
        this.links = links;
        this.scheme = options.get(Options.CONSOLE_HTTPS) ? "https" : "http";
        this.clock = clock;
    }

    void addTo(Routes routes, ApiGuard guard) {
        routes.on("GET", PATH, guard.server(Action.MANAGE_MEMBERS, this::list))
                .on("POST", PATH + "/invitations", guard.server(Action.MANAGE_MEMBERS, this::invite))
                .on("PATCH", PATH + "/*", guard.server(Action.MANAGE_MEMBERS, this::update))
                .on("POST", PATH + "/*/password-links", guard.server(Action.MANAGE_MEMBERS, this::link));
    }

    private void list(Exchange exchange) {
        Paging paging = Paging.of(exchange);
        long after = paging.start(
                0L, text -> text.matches("[0-9]{1,18}") ? Optional.of(Long.valueOf(text)) : Optional.empty());
        List<Member> found = members.list(after, paging.limit() + 1);
        boolean more = found.size() > paging.limit();
        List<Member> shown = more ? found.subList(0, paging.limit()) : found;
        paging.answer(
                exchange,
                "members",
                shown.stream().map(MembersApi::json).toList(),
                more ? Long.toString(shown.getLast().id()) : null);
    }

    private void invite(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("role", "store_hash"));
        Role role = role(body.requiredText("role"));
        Optional<String> storeHash = body.text("store_hash");
        if (role == Role.STAFF && storeHash.flatMap(stores::find).isEmpty()) {
            throw Body.invalid("store_hash must name the store whose staff the member belongs to.");
        }
        if (role != Role.STAFF && storeHash.isPresent()) {
            throw Body.invalid("store_hash is for staff only.");
        }
        answerLink(
                exchange,
                Purpose.INVITATION,
                MemberPages.welcomePath(links.create(Purpose.INVITATION, Invitation.subject(role, storeHash))));
    }

    private void update(Exchange exchange) {
        Body body = Body.of(exchange, Set.of("disabled", "block_apps"));
        boolean disabled =
                body.flag("disabled").orElseThrow(() -> Body.invalid("disabled is required, as true or false."));
        boolean blockApps = body.flag("block_apps").orElse(false);
        if (blockApps && !disabled) {
            throw Body.invalid("block_apps goes with \"disabled\": true only. A block is lifted app by app.");
        }
        long id = member(exchange).id();
        int blocked = disable(id, disabled, blockApps);
        Map<String, Object> json = json(members.find(id).orElseThrow(() -> new ProblemException(NO_SUCH_MEMBER)));
        if (blockApps) {
            json.put("blocked_apps", blocked);
        }
        exchange.sendJson(200, Json.write(json));
    }

    /** Disables or enables a member; says how many apps were blocked with them. */
    private int disable(long id, boolean disabled, boolean blockApps) {
        OptionalInt blocked;
        if (blockApps) {
            blocked = members.disableAndBlockApps(id);
        } else {
            blocked = members.setDisabled(id, disabled) ? OptionalInt.of(0) : OptionalInt.empty();
        }
        return blocked.orElseThrow(() -> new ProblemException(LAST_OPERATOR));
    }

    private void link(Exchange exchange) {
        boolean revokes = exchange.body().length == 0
                || Body.of(exchange, Set.of("revoke_access_tokens"))
                        .flag("revoke_access_tokens")
                        .orElse(true);
        Members.PasswordLink link = members.createPasswordLink(member(exchange).id(), revokes)
                .orElseThrow(() -> new ProblemException(NO_SUCH_MEMBER));
        answerLink(exchange, Purpose.MEMBER_PASSWORD, MemberPages.resetPath(link.secret()));
    }

    private void answerLink(Exchange exchange, Purpose purpose, String path) {
        Map<String, Object> link = new LinkedHashMap<>();
        link.put("url", scheme + "://" + exchange.authority() + path);
        link.put("expires_at", clock.instant().plus(purpose.validity()).toString());
        exchange.sendJson(201, Json.write(link));
    }

    private Member member(Exchange exchange) {
        return Optional.of(exchange.segment(MEMBER_ID))
                .filter(id -> id.matches("[1-9][0-9]{0,17}"))
                .map(Long::valueOf)
                .flatMap(members::find)
                .orElseThrow(() -> new ProblemException(NO_SUCH_MEMBER));
    }

    private static Role role(String name) {
        return Arrays.stream(Role.values())
                .filter(role -> lowerCase(role).equals(name))
                .findFirst()
                .orElseThrow(() -> Body.invalid("role must be operator, staff or developer."));
    }

    private static Map<String, Object> json(Member member) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", member.id());
        json.put("email", member.email());
        json.put("name", member.name());
        json.put("role", lowerCase(member.role()));
        json.put("store_hash", member.storeHash().orElse(null));
        json.put("second_factor", member.secondFactor());
        json.put("disabled", member.disabled());
        json.put("created_at", member.createdAt().toString());
        return json;
    }

    private static String lowerCase(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
