package dev.patron.server.console;

import dev.patron.server.member.NewMember;
import dev.patron.server.member.Role;
import dev.patron.server.secret.BearerSecret;
import dev.patron.server.secret.OneTimeLinks.Purpose;
import java.util.Map;
import java.util.Optional;

/** A one-time link to become a member, and as what. {@link #toString()} does not tell the link. */
public record Invitation(BearerSecret link, Purpose purpose, Role role, Optional<String> storeHash) {

    /** What the link of an invitation has for its subject. */
    public static String subject(Role role, Optional<String> storeHash) {
        return storeHash.map(hash -> role.name() + " " + hash).orElse(role.name());
    }

    /** The link with this subject. */
    static Invitation of(BearerSecret link, String subject) {
        String[] parts = subject.split(" ", 2);
        return new Invitation(
                link,
                Purpose.INVITATION,
                Role.valueOf(parts[0]),
                parts.length == 2 ? Optional.of(parts[1]) : Optional.empty());
    }

    NewMember details(String email, String name) {
        return new NewMember(email, name, role, storeHash);
    }

    MemberForms.SignUp form(String name, String email, int minPasswordLength, Map<String, String> faults) {
        MemberForms.Target target = new MemberForms.Target(MemberPages.WELCOME, link.fingerprint());
        return new MemberForms.SignUp(title(), lead(), target, name, email, minPasswordLength, faults);
    }

    private String title() {
        return switch (role) {
            case OPERATOR -> "Create an operator account";
            case STAFF -> "Join the staff of a store";
            case DEVELOPER -> "Create a developer account";
        };
    }

    private String lead() {
        return switch (role) {
            case OPERATOR -> "You will run this server: its stores, its apps, and who may do what.";
            case STAFF -> "You will govern the customers, sessions and apps of the store " + storeHash.orElse("") + ".";
            case DEVELOPER -> "Register apps, get their credentials, and see your tokens verified.";
        };
    }
}
