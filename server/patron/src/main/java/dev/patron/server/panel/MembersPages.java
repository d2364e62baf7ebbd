package dev.patron.server.panel;

import dev.patron.server.access.Access;
import dev.patron.server.access.Action;
import dev.patron.server.access.Resource;
import dev.patron.server.app.Apps;
import dev.patron.server.console.Confirmation;
import dev.patron.server.console.ConsolePages;
import dev.patron.server.console.ConsoleRequest;
import dev.patron.server.console.Invitation;
import dev.patron.server.console.MemberPages;
import dev.patron.server.http.Routes;
import dev.patron.server.member.Member;
import dev.patron.server.member.Members;
import dev.patron.server.member.Role;
import dev.patron.server.secret.OneTimeLinks;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import dev.patron.server.store.Stores;
import dev.patron.server.text.VisibleText;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The members, for operators: invite, disable, and give them links to choose a password by. */
final class MembersPages {

    private static final String LIST = "/members";
    private static final int ID_SEGMENT = 1;
    private static final int SHOWN = 50;

    private final ConsolePages pages;
    private final Members members;
    private final Apps apps;
    private final Stores stores;
    private final OneTimeLinks links;

    MembersPages(ConsolePages pages, Members members, Apps apps, Stores stores, OneTimeLinks links) {
        this.pages = pages;
        this.members = members;
        this.apps = apps;
        this.stores = stores;
        this.links = links;
    }

    void addTo(Routes routes) {
        routes.on("GET", LIST, pages.member(this::list))
                .on("POST", LIST, pages.member(this::invite))
                .on("GET", LIST + "/*/disable", pages.member(this::askToDisable))
                .on("POST", LIST + "/*/disable", pages.member(this::disable))
                .on("GET", LIST + "/*/password-link", pages.member(this::askForLink))
                .on("POST", LIST + "/*/password-link", pages.member(this::link));
    }

    private void list(ConsoleRequest request) {
        request.require(Action.MANAGE_MEMBERS, Resource.SERVER);
        String notice = switch (request.parameter("notice")) {
            case "disabled" -> "The member is disabled, and signed out everywhere.";
            case "disabled-with-apps" ->
                "The member is disabled, and signed out everywhere. No store gets tokens for their apps.";
            case "enabled" -> "The member can sign in again. Apps that were blocked stay blocked.";
            default -> null;
        };
        send(request, 200, Role.DEVELOPER, "", Map.of(), notice);
    }

    private void invite(ConsoleRequest request) {
        request.require(Action.MANAGE_MEMBERS, Resource.SERVER);
        String wanted = request.field("role");
        String storeHash = request.field("store_hash");
        Optional<Role> role = Arrays.stream(Role.values())
                .filter(each -> each.name().equals(wanted))
                .findFirst();
        if (role.isEmpty()) {
            send(request, 422, Role.DEVELOPER, storeHash, Map.of("role", "Choose what the member may do."), null);
            return;
        }
        if (role.get() == Role.STAFF && stores.find(storeHash).isEmpty()) {
            send(
                    request,
                    422,
                    role.get(),
                    storeHash,
                    Map.of("store_hash", "Choose the store whose staff the member belongs to."),
                    null);
            return;
        }
        if (role.get() == Role.OPERATOR && !Confirmation.isGiven(request)) {
            pages.ask(
                    request,
                    Confirmation.power("Invite another operator?", "Make the invitation", LIST)
                            .follows(
                                    "Whoever opens the link becomes an operator of this server: they see and change every store,"
                                            + " customer, app and member, and can take a copy of the whole database away.")
                            .follows("The link works once, for seven days, and cannot be taken back.")
                            .repeating(request, "role", "store_hash"));
            return;
        }
        String subject = Invitation.subject(role.get(), Optional.of(storeHash).filter(_ -> role.get() == Role.STAFF));
        sendLink(
                request,
                "An invitation",
                "Send it to whom you want to invite, by a way that nobody else reads: whoever opens it becomes a member.",
                MemberPages.welcomePath(links.create(Purpose.INVITATION, subject)),
                "seven days");
    }

    private void askToDisable(ConsoleRequest request) {
        request.require(Action.MANAGE_MEMBERS, Resource.SERVER);
        Member member = member(request);
        pages.send(
                request,
                200,
                "Disable " + VisibleText.isolated(member.name()),
                "panel/disable-member.jte",
                new MemberViews.Disabling(member, apps.count(member.id())));
    }

    private void disable(ConsoleRequest request) {
        request.require(Action.MANAGE_MEMBERS, Resource.SERVER);
        Member member = member(request);
        boolean disabled = request.field("disabled").equals("true");
        if (disabled && member.id() == request.member().id()) {
            send(
                    request,
                    409,
                    Role.DEVELOPER,
                    "",
                    Map.of("", "You cannot disable your own account: ask another operator."),
                    null);
            return;
        }
        boolean blockApps = disabled && !request.field("block_apps").isEmpty();
        boolean done = blockApps
                ? members.disableAndBlockApps(member.id()).isPresent()
                : members.setDisabled(member.id(), disabled);
        if (!done) {
            send(
                    request,
                    409,
                    Role.DEVELOPER,
                    "",
                    Map.of("", "This is the last operator: without one, nobody could run the server."),
                    null);
            return;
        }
        String notice = blockApps ? "disabled-with-apps" : disabled ? "disabled" : "enabled";
        request.exchange().redirect(LIST + "?notice=" + notice);
    }

    private void askForLink(ConsoleRequest request) {
        request.require(Action.MANAGE_MEMBERS, Resource.SERVER);
        Member member = member(request);
        pages.send(
                request,
                200,
                "A new password for " + VisibleText.isolated(member.name()),
                "panel/member-link.jte",
                member);
    }

    private void link(ConsoleRequest request) {
        request.require(Action.MANAGE_MEMBERS, Resource.SERVER);
        Member member = member(request);
        boolean revokes = !request.field("revoke_tokens").isEmpty();
        Members.PasswordLink link =
                members.createPasswordLink(member.id(), revokes).orElseThrow(Access::noSuchObject);
        String revoked = revokes
                ? "They are signed out everywhere; access tokens that were revoked: " + link.revokedTokens()
                        + ". Tokens that are made before the link is used end with the old password."
                : "Their access tokens still work.";
        sendLink(
                request,
                "A link to choose a new password",
                "Send it to " + member.email()
                        + ". Whoever opens it chooses this member's password; every browser that is signed in is signed out, and"
                        + " a second factor stays. " + revoked,
                MemberPages.resetPath(link.secret()),
                "one day");
    }

    private Member member(ConsoleRequest request) {
        String text = request.exchange().segment(ID_SEGMENT);
        return Optional.of(text)
                .filter(id -> id.matches("[1-9][0-9]{0,17}"))
                .map(Long::valueOf)
                .flatMap(members::find)
                .orElseThrow(Access::noSuchObject);
    }

    private void sendLink(ConsoleRequest request, String title, String lead, String path, String validity) {
        pages.send(
                request,
                200,
                title,
                "panel/link.jte",
                new LinkView(
                        Optional.empty(), PanelTab.OVERVIEW, title, lead, pages.url(request, path), validity, LIST));
    }

    private void send(
            ConsoleRequest request,
            int status,
            Role role,
            String storeHash,
            Map<String, String> faults,
            @Nullable String notice) {
        String after = request.parameter("after");
        long afterId = after.matches("[0-9]{1,18}") ? Long.parseLong(after) : 0;
        List<Member> found = members.listByName(afterId, SHOWN + 1);
        boolean more = found.size() > SHOWN;
        pages.send(
                request,
                status,
                status == 409 ? "Not done: Members" : "Members",
                "panel/members.jte",
                new MemberViews.Listing(
                        more ? found.subList(0, SHOWN) : found,
                        afterId == 0,
                        more ? Optional.of(found.get(SHOWN - 1).id()) : Optional.empty(),
                        request.member().id(),
                        stores.list(),
                        role,
                        storeHash,
                        faults,
                        notice));
    }
}
