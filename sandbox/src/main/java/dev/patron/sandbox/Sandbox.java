package dev.patron.sandbox;

import dev.patron.sandbox.catalogue.Catalogue;
import dev.patron.sandbox.installation.InstallationModule;
import dev.patron.sandbox.management.ManagementApi;
import dev.patron.sandbox.order.Orders;
import dev.patron.sandbox.shop.Shop;
import dev.patron.sandbox.shop.ShopTheme;
import dev.patron.sandbox.shop.WhoAmICard;
import dev.patron.server.Launcher;
import dev.patron.server.PatronServer;
import dev.patron.server.options.Options;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.Properties;

/** Runs a Patron server with the demo store. */
public final class Sandbox {

    private Sandbox() {}

    /** Starts the sandbox; it runs until it is told to stop. */
    public static void main(String[] arguments) {
        Properties defaults = new Properties();
        // Whoever tries the sandbox makes an account of their own.
        defaults.setProperty(Options.CONSOLE_SIGN_UP.name(), "true");
        Launcher.run("Patron's sandbox", defaults, Sandbox::start, Sandbox::explain);
    }

    private static PatronServer start(Options options) {
        Catalogue catalogue = new Catalogue();
        WhoAmICard card = new WhoAmICard(DemoData.CLIENT_ID, DemoData.DEMO_EMAIL, DemoData.PASSWORD);
        PatronServer server = PatronServer.open(options, InstantSource.system(), new ShopTheme(catalogue, card));
        try {
            InstallationModule installation = InstallationModule.addTo(server);
            DemoData demo = new DemoData(server, options.get(Options.DATA));
            String clientSecret = demo.load(System.getenv());
            new Shop(server.storefront().pages(), catalogue)
                    .addTo(server.storefront().routes());
            new ManagementApi(
                            server, installation.installations(), DemoData.STORE_HASH, catalogue, new Orders(catalogue))
                    .addTo(server.console().routes());
            server.start();
            installation.start();
            SampleApp.of(System.getenv(), server, installation, options.get(Options.DATA))
                    .filter(_ -> !server.services().apps.isDeleted(DemoData.CLIENT_ID))
                    .ifPresent(sample ->
                            sample.start(clientSecret, demo.developer().orElse(0L)));
            return server;
        } catch (RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    private static void explain(PatronServer server, Options options, PrintStream out) {
        out.println();
        out.println("  Sign in at   http://localhost:" + server.storefrontPort() + "/login.php");
        out.println("    as         " + DemoData.DEMO_EMAIL + "  (customer " + DemoData.DEMO_CUSTOMER_ID + ")");
        out.println("    password   " + DemoData.PASSWORD + "  (the same for every demo customer)");
        out.println();
        out.println("  Developers sign in to the console as " + DemoData.DEVELOPER_EMAIL + " with the same password.");
        out.println();
        if (!System.getenv().getOrDefault(SampleApp.JAR_VARIABLE, "").isEmpty()) {
            out.println(
                    "  The sample app shows each customer what they bought, on the shop's front page, in a few seconds.");
            out.println();
        }
        if (server.services().apps.isDeleted(DemoData.CLIENT_ID)) {
            out.println(
                    "  The demo app was deleted, and its client id is never registered again. For a new sandbox, stop this one");
            out.println("  and name another data folder with PATRON_DATA.");
            return;
        }
        out.println("  Demo app     " + DemoData.CLIENT_ID);
        out.println("    its secret is in "
                + options.get(Options.DATA)
                        .resolve(DemoData.SECRET_FILE)
                        .toAbsolutePath()
                        .normalize());
    }
}
