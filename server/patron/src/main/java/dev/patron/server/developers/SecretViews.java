package dev.patron.server.developers;

import dev.patron.server.app.App;
import dev.patron.server.app.AppSecret;
import dev.patron.server.page.Moments;
import dev.patron.token.CurrentCustomerClaims;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the pages about client secrets show. */
public final class SecretViews {

    private SecretViews() {}

    /** How far the replacement of a secret is. */
    public enum Stage {
        /** One secret. */
        MAKE("Make a second secret", "The first one signs on."),
        /** Two secrets, and the old one signs. */
        SWITCH("Sign with the new one", "Once your server accepts both."),
        /** Two secrets, and the new one signs. */
        RETIRE("Retire the old one", "Once nothing uses it any more.");

        private final String label;
        private final String hint;

        Stage(String label, String hint) {
            this.label = label;
            this.hint = hint;
        }

        /** What is to be done. */
        public String label() {
            return label;
        }

        /** When. */
        public String hint() {
            return hint;
        }
    }

    /**
     * An app's secrets, and how they are replaced.
     *
     * @param now when the page was made
     * @param at the moment typed for the change, as a {@code datetime-local} field has it
     * @param atTime whether a moment was chosen rather than now
     * @param refusal why what was asked for was not done, or null
     * @param faults what is wrong, by form field
     * @param notice what has just been done, or null
     */
    public record Secrets(
            App app,
            Instant now,
            String at,
            boolean atTime,
            @Nullable String refusal,
            Map<String, String> faults,
            @Nullable String notice) {

        /** The secret that signs. */
        public AppSecret signing() {
            return app.signingSecret();
        }

        /** The secret that does not, if there is one. */
        public Optional<AppSecret> other() {
            return app.otherSecret();
        }

        /** The signing one first. */
        public List<AppSecret> inOrder() {
            return other().map(other -> List.of(signing(), other)).orElseGet(() -> List.of(signing()));
        }

        /** How far the replacement is. */
        public Stage stage() {
            return other().map(other -> other.state() == AppSecret.State.NEXT ? Stage.SWITCH : Stage.RETIRE)
                    .orElse(Stage.MAKE);
        }

        /** Until when tokens of a secret that has signed may be in use; empty when they are too old. */
        public Optional<Instant> inUseUntil(AppSecret secret) {
            return secret.lastSignedAt()
                    .map(moment -> moment.plus(CurrentCustomerClaims.LIFETIME))
                    .filter(moment -> moment.isAfter(now));
        }
    }

    /** What a secret is called. */
    public static String label(AppSecret secret) {
        return switch (secret.state()) {
            case SIGNING -> "Current secret";
            case NEXT -> "Next secret";
            case PREVIOUS -> "Previous secret";
        };
    }

    /** What a secret does, in a word or two. */
    public static String state(AppSecret secret) {
        return switch (secret.state()) {
            case SIGNING -> "Signs";
            case NEXT ->
                secret.signsFrom()
                        .map(moment -> "Signs from " + Moments.text(moment))
                        .orElse("Does not sign yet");
            case PREVIOUS ->
                secret.signsFrom()
                        .map(moment -> "Signs again from " + Moments.text(moment))
                        .orElse("Does not sign any more");
        };
    }

    /** The mark that goes with it. */
    public static String mark(AppSecret secret) {
        return secret.state() == AppSecret.State.SIGNING
                ? "mark"
                : secret.signsFrom().isPresent() ? "mark mark-note" : "mark mark-off";
    }
}
