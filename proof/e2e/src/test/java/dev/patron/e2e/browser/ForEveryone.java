package dev.patron.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a page is for everyone: accessible, not wider than the screen, without complaints of the browser. */
final class ForEveryone {

    /** Says loudly what the content security policy stops. */
    static final String REPORT_VIOLATIONS = "document.addEventListener('securitypolicyviolation', violation =>"
            + " console.error(`CSP: ${violation.violatedDirective} ${violation.blockedURI}`))";

    private ForEveryone() {}

    /** Looks at a page as it is now: on a telephone by day, and on a desk by night. */
    static void look(Page page) {
        page.locator("h1").first().waitFor();
        look(page, page.url(), 360, ColorScheme.LIGHT);
        look(page, page.url(), 1280, ColorScheme.DARK);
    }

    /** Looks at a page at a width, by day or by night. */
    static void look(Page page, String what, int width, ColorScheme scheme) {
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        page.setViewportSize(width, 800);
        String view = what + ", " + width + " px, " + scheme;
        assertThat(overflow(page)).as("scrolls sideways: " + view).isZero();
        assertThat(unevenRows(page)).as("cards that do not fill a row: " + view).isZero();
        assertThat(violations(page)).as("accessibility: " + view).isEmpty();
    }

    /** How far a page scrolls sideways, in pixels. */
    static int overflow(Page page) {
        return (int) page.evaluate(
                "Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)");
    }

    private static int unevenRows(Page page) {
        return (int) page.evaluate("[...document.querySelectorAll('.cards')].filter(list =>"
                + " list.children.length % getComputedStyle(list).gridTemplateColumns.split(' ').length).length");
    }

    /** What axe finds. */
    static List<String> violations(Page page) {
        return new AxeBuilder(page)
                .analyze().getViolations().stream().map(ForEveryone::describe).toList();
    }

    private static String describe(Rule rule) {
        return rule.getId() + ": "
                + rule.getNodes().stream()
                        .map(node -> node.getTarget() + " " + node.getFailureSummary())
                        .toList();
    }

    /**
     * What the browser complains about from now on.
     *
     * @param expected addresses whose refusal is meant to be
     */
    static List<String> complaints(Page page, Pattern expected) {
        List<String> complaints = new ArrayList<>();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (List.of("error", "warning").contains(message.type()) && !isExpected(message, expected)) {
                complaints.add(message.type() + ": " + message.text() + " at " + message.location());
            }
        });
        return complaints;
    }

    private static boolean isExpected(ConsoleMessage message, Pattern expected) {
        String[] location = message.location().split(":\\d+:\\d+$", 2);
        return message.text().contains("status of 4")
                && expected.matcher(location[0]).matches();
    }
}
