package dev.patron.e2e.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.patron.e2e.Root;
import dev.patron.e2e.ServerProcess;
import dev.patron.e2e.ShopClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A running sandbox and a browser to look at it with, for all browser tests of a run. */
final class Sandbox {

    static final String CLIENT_ID = "6sv16tfx3j5gsopm42ss5dd67g2srvq";
    static final String EMAIL = "john.doe@gmail.com";
    static final String PASSWORD = "patron-sandbox";
    static final String STORE = "abc123";

    private static final String OPERATOR = "olga@example.com";
    private static final Pattern WELCOME = Pattern.compile("http://\\S+/welcome/\\S+");

    /** The demo app's secret in these tests: 64 hexadecimal digits that guard nothing. */
    static final String SECRET = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    /** Gives the tests a sandbox that is started when the first of them asks, and stopped after the last. */
    static final class Provider implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
            return parameter.getParameter().getType() == Sandbox.class;
        }

        @Override
        public Sandbox resolveParameter(ParameterContext parameter, ExtensionContext test) {
            return test.getRoot()
                    .getStore(ExtensionContext.Namespace.create(Sandbox.class))
                    .computeIfAbsent(Attempt.class, _ -> Attempt.make(), Attempt.class)
                    .sandbox();
        }
    }

    /** The one attempt to start it: when that fails, no further test waits for another. */
    private record Attempt(
            @Nullable Sandbox started, @Nullable Throwable failure) implements AutoCloseable {

        static Attempt make() {
            try {
                return new Attempt(new Sandbox(), null);
            } catch (RuntimeException | AssertionError failure) {
                return new Attempt(null, failure);
            }
        }

        Sandbox sandbox() {
            if (started == null) {
                throw new IllegalStateException("The sandbox or the browser cannot be started", failure);
            }
            return started;
        }

        @Override
        public void close() throws IOException {
            if (started != null) {
                started.close();
            }
        }
    }

    private final Path data;
    private final ServerProcess server;
    private final ShopClient operator;
    private final Playwright playwright;
    private final Browser browser;
    private boolean operatorExists;

    private Sandbox() {
        Path chromium = Chromium.find();
        try {
            data = Files.createTempDirectory("patron-sandbox");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server = ServerProcess.start(Root.sandboxJar(), data, Map.of("PATRON_SANDBOX_SECRET", SECRET));
        try {
            String token = Files.readString(data.resolve("operator-token")).strip();
            operator = new ShopClient(server.storefront(), server.console(), token);
            playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(chromium)
                            .setArgs(Chromium.arguments()));
        } catch (IOException unreadable) {
            server.close();
            throw new UncheckedIOException(unreadable);
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    /** A browser that has never been here. */
    BrowserContext visitor() {
        return visitor(new Browser.NewContextOptions());
    }

    /** A browser that has never been here, as the options have it. */
    BrowserContext visitor(Browser.NewContextOptions options) {
        BrowserContext context = browser.newContext(options);
        context.setDefaultTimeout(20_000);
        return context;
    }

    /** An address in the store. */
    String url(String path) {
        return server.storefront().resolve(path).toString();
    }

    /** The store's origin. */
    URI origin() {
        return server.storefront();
    }

    /** The console's origin. */
    URI console() {
        return server.console();
    }

    /** What the sandbox has printed. */
    String banner() {
        return server.output();
    }

    /** The data folder. */
    Path data() {
        return data;
    }

    /** The endpoint as a page of the store asks it. */
    static String endpoint() {
        return "/customer/current.jwt?app_client_id=" + CLIENT_ID;
    }

    /**
     * A page of the console on which the sandbox's operator is signed in. The first time, the operator makes the account by the
     * link in the banner.
     */
    Page operator(BrowserContext context) {
        Page page = context.newPage();
        if (operatorExists) {
            page.navigate(console().resolve("/sign-in").toString());
        } else {
            Matcher link = WELCOME.matcher(banner());
            if (!link.find()) {
                throw new AssertionError("The banner has no link for the operator:\n" + banner());
            }
            page.navigate(link.group());
            page.locator("[name=name]").fill("Olga Operator");
            page.locator("[name=password_confirmation]").fill(PASSWORD);
        }
        page.locator("[name=email]").fill(OPERATOR);
        page.locator("[name=password]").fill(PASSWORD);
        page.locator("main form button").first().click();
        page.waitForURL(console().resolve("/panel").toString());
        operatorExists = true;
        return page;
    }

    /** Signs in through the form, as a customer does. */
    void signIn(Page page) {
        page.navigate(url("/login.php"));
        page.getByLabel("E-mail address").fill(EMAIL);
        page.getByLabel("Password").fill(PASSWORD);
        page.locator("form[action*=check_login] button").click();
        page.waitForURL(url("/account.php"));
    }

    /** Has a script below each shop page while something runs. */
    void withFooter(String html, Runnable work) {
        MerchantScript script = addScript("footer", List.of("all"), html);
        try {
            work.run();
        } finally {
            script.remove();
        }
    }

    /** Adds a script to the store's pages, as its operator does. */
    MerchantScript addScript(String place, List<String> pages, String html) {
        return MerchantScript.add(operator, place, pages, html);
    }

    private void close() throws IOException {
        try (server;
                operator) {
            browser.close();
            playwright.close();
        }
        List<Path> files;
        try (Stream<Path> tree = Files.walk(data)) {
            files = tree.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
