package dev.patron.server.panel;

import dev.patron.server.member.Member;
import dev.patron.server.member.Role;
import dev.patron.server.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pages about members show. No {@link Object#toString()} tells any of it. */
public final class MemberViews {

    private MemberViews() {}

    /**
     * Asking whether a member is to be disabled.
     *
     * @param apps how many apps they have
     */
    public record Disabling(Member member, long apps) {

        @Override
        public String toString() {
            return "Disabling[***]";
        }
    }

    /**
     * A page of the members.
     *
     * @param first whether it is the first page
     * @param next the id after which the next page begins
     * @param self the id of who looks
     * @param stores for inviting their staff
     * @param role the one that is chosen for an invitation
     * @param storeHash the store that is chosen for it
     * @param faults what is wrong, by form field
     * @param notice what has just been done, or null
     */
    public record Listing(
            List<Member> members,
            boolean first,
            Optional<Long> next,
            long self,
            List<Store> stores,
            Role role,
            String storeHash,
            Map<String, String> faults,
            @Nullable String notice) {

        /** What people read for a role. */
        public static String label(Role role) {
            return switch (role) {
                case OPERATOR -> "Operator";
                case STAFF -> "Store staff";
                case DEVELOPER -> "Developer";
            };
        }

        /** What a role may do. */
        public static String hint(Role role) {
            return switch (role) {
                case OPERATOR -> "Runs this server: every store, every app, every member.";
                case STAFF -> "Governs customers, sessions, apps and scripts of one store.";
                case DEVELOPER -> "Makes apps, and sees those only.";
            };
        }

        @Override
        public String toString() {
            return "Listing[***]";
        }
    }
}
