package dev.patron.e2e.browser;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;

/** What people do with the forms of the console. */
final class Forms {

    private Forms() {}

    /** Presses the button, or follows the link, with this text. */
    static void click(Page page, String name) {
        Locator main = page.locator("main");
        Locator button = main.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
        Locator link = main.getByRole(
                AriaRole.LINK, new Locator.GetByRoleOptions().setName(name).setExact(true));
        button.or(link).first().click();
    }
}
