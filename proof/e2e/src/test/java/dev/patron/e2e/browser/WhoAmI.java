package dev.patron.e2e.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;

/** The card on the sandbox's pages that asks for a token and explains it. */
final class WhoAmI {

    private WhoAmI() {}

    /** Opens the card and waits until the store has answered. */
    static Locator open(Page page) {
        Locator card = page.locator("#who-am-i");
        if (card.locator("details[open]").count() == 0) {
            card.locator("summary").click();
        }
        card.locator("details[open][data-kind]:not([data-kind=''], [data-kind=asking])")
                .waitFor();
        return card;
    }
}
