package dev.patron.server.console;

import dev.patron.server.access.AccessToken;
import dev.patron.server.access.Scope;
import dev.patron.server.member.Member;
import dev.patron.server.member.SecondFactor;
import dev.patron.server.page.Moments;
import io.nayuki.qrcodegen.QrCode;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the pages about a member's own account show. No {@link Object#toString()} tells any of it. */
public final class MemberForms {

    private MemberForms() {}

    /**
     * Signing in.
     *
     * @param email what was typed before
     * @param to where to go on to, or an empty string
     * @param fault why the last attempt failed, or null
     * @param notice something else to know, or null
     * @param signUp whether everybody may become a developer
     */
    public record SignIn(
            String email,
            String to,
            @Nullable String fault,
            @Nullable String notice,
            boolean signUp) {
        @Override
        public String toString() {
            return "SignIn[***]";
        }
    }

    /**
     * Showing the second factor.
     *
     * @param to where to go on to, or an empty string
     * @param fault why the last attempt failed, or null
     */
    public record Code(String to, @Nullable String fault) {}

    /**
     * Becoming a member.
     *
     * @param title what for
     * @param target where the form goes
     * @param faults what is wrong, by form field
     */
    public record SignUp(
            String title,
            String lead,
            Target target,
            String name,
            String email,
            int minPasswordLength,
            Map<String, String> faults) {
        @Override
        public String toString() {
            return "SignUp[***]";
        }
    }

    /**
     * Where a form goes.
     *
     * @param action the path
     * @param link the fingerprint of the link that the page belongs to, or an empty string
     */
    public record Target(String action, String link) {}

    /**
     * Choosing a new password by a link.
     *
     * @param account whose account it is, partly hidden
     * @param link the fingerprint of the link
     * @param faults what is wrong, by form field
     */
    public record NewPassword(String account, String link, int minPasswordLength, Map<String, String> faults) {
        @Override
        public String toString() {
            return "NewPassword[***]";
        }
    }

    /**
     * The member's account.
     *
     * @param recoveryCodesLeft how many are not spent
     * @param tokens the member's access tokens
     * @param faults what is wrong, by form field
     * @param notice what has just been done, or null
     */
    public record Account(
            Member member,
            int minPasswordLength,
            int recoveryCodesLeft,
            List<AccessToken> tokens,
            Map<String, String> faults,
            @Nullable String notice) {}

    /**
     * Setting up the second factor.
     *
     * @param faults what is wrong, by form field
     */
    public record Factor(SecondFactor.Offer offer, Map<String, String> faults) {

        /** The key in groups of four, as people type it. */
        public String key() {
            return offer.key().replaceAll("(.{4})(?=.)", "$1 ");
        }

        /** The QR code's dark modules, as an SVG path in units of one module, with a quiet zone of four. */
        public String path() {
            QrCode code = code();
            StringBuilder path = new StringBuilder();
            for (int y = 0; y < code.size; y++) {
                for (int x = 0; x < code.size; x++) {
                    if (code.getModule(x, y)) {
                        path.append('M').append(x + 4).append(' ').append(y + 4).append("h1v1h-1z");
                    }
                }
            }
            return path.toString();
        }

        /** The QR code's width and height in modules, with its quiet zone. */
        public int size() {
            return code().size + 8;
        }

        private QrCode code() {
            return QrCode.encodeText(offer.uri(), QrCode.Ecc.MEDIUM);
        }
    }

    /** What an access token may do, in the words of the API. */
    public static String scopes(AccessToken token) {
        return token.scopes().stream().sorted().map(Scope::text).collect(Collectors.joining(", "));
    }

    /** When an access token was used, and how long it works. */
    public static String life(AccessToken token) {
        String used = token.lastUsedAt()
                .map(moment -> "Last used " + Moments.text(moment) + ". ")
                .orElse("Never used. ");
        return token.expiresAt()
                .map(moment -> used + (token.expired() ? "Expired " : "Expires ") + Moments.text(moment) + ".")
                .orElse(used + "Works until you revoke it.");
    }

    /**
     * Something that an access token may be made for.
     *
     * @param farReaching whether its holder can do harm that is hard to undo
     * @param chosen whether it was chosen
     */
    public record ScopeChoice(String scope, String meaning, boolean farReaching, boolean chosen) {}

    /** Whether an access token may do what is hard to undo. */
    public static boolean farReaching(AccessToken token) {
        return token.scopes().stream().anyMatch(Scope::farReaching);
    }

    /**
     * Making an access token.
     *
     * @param validity the number of days, or {@code never}
     * @param faults what is wrong, by form field
     */
    public record NewToken(String name, List<ScopeChoice> scopes, String validity, Map<String, String> faults) {}

    /** A new access token, shown once. */
    public record MadeAccessToken(String name, String token) {
        @Override
        public String toString() {
            return "MadeAccessToken[***]";
        }
    }

    /** Recovery codes, shown once. */
    public record RecoveryCodes(List<String> codes) {
        @Override
        public String toString() {
            return "RecoveryCodes[***]";
        }
    }
}
