package dev.patron.server.developers;

import dev.patron.server.app.App;
import dev.patron.server.app.AppSecret;
import dev.patron.server.inspection.CheckResult;
import dev.patron.server.inspection.Inspection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the token inspector shows. No {@link Object#toString()} tells a token or what is in it. */
public final class InspectorViews {

    private InspectorViews() {}

    /**
     * The inspector's form, and what came of it.
     *
     * @param apps those that the member may choose
     * @param clientId the one that is chosen; empty for the one that the token names
     * @param token what was pasted
     * @param maxAge in seconds, as typed
     * @param untilExpiry whether tokens are accepted until they expire instead
     * @param clockSkew in seconds, as typed
     * @param storeHash the expected store as typed; empty for any
     * @param faults what is wrong, by form field
     * @param result what came of it, or null
     */
    public record Form(
            List<App> apps,
            String clientId,
            String token,
            String maxAge,
            boolean untilExpiry,
            String clockSkew,
            String storeHash,
            Map<String, String> faults,
            @Nullable Result result) {
        @Override
        public String toString() {
            return "Form[***]";
        }
    }

    /** A token that was inspected for an app. */
    public record Result(App app, Inspection inspection) {

        /** Which secret it is signed with, in words. */
        public String signedBy() {
            return inspection
                    .signedBy()
                    .map(secret -> switch (secret.state()) {
                        case SIGNING -> "the current secret";
                        case NEXT -> "the next secret";
                        case PREVIOUS -> "the previous secret";
                    })
                    .orElse("not by this app");
        }

        /** The fingerprint of that secret; empty when it is none of this app's. */
        public String fingerprint() {
            return inspection.signedBy().map(AppSecret::fingerprint).orElse("");
        }

        /** How long ago it was issued, in whole seconds; null when nobody can tell. */
        public @Nullable Long age() {
            return inspection
                    .age()
                    .map(age -> Math.floorDiv(age.toMillis(), 1000L))
                    .orElse(null);
        }

        /** How long it has until it expires, in whole seconds; null when nobody can tell. */
        public @Nullable Long remaining() {
            return inspection
                    .remaining()
                    .map(remaining -> Math.ceilDiv(remaining.toMillis(), 1000L))
                    .orElse(null);
        }

        /** The class of a check's sign. */
        public static String style(CheckResult result) {
            return switch (result.state()) {
                case PASSED -> "passed";
                case FAILED -> "failed";
                case NOT_REACHED -> "not-reached";
            };
        }

        /** A check's outcome in a word. */
        public static String word(CheckResult result) {
            return switch (result.state()) {
                case PASSED -> "Passed";
                case FAILED -> "Failed";
                case NOT_REACHED -> "Not reached";
            };
        }

        /** A check's sign, which only helps. */
        public static String sign(CheckResult result) {
            return switch (result.state()) {
                case PASSED -> "✓";
                case FAILED -> "✕";
                case NOT_REACHED -> "–";
            };
        }

        @Override
        public String toString() {
            return "Result[" + app.clientId() + ", ***]";
        }
    }
}
