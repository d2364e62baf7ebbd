import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** Does with the sandbox at a port what its first visitors do, so that the JVM can note what a start needs. */
class FirstToken {

    public static void main(String[] arguments) throws Exception {
        String store = "http://localhost:" + arguments[0];
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager())
                .build()) {
            client.send(request(store + "/").build(), BodyHandlers.discarding());
            client.send(request(store + "/login.php").build(), BodyHandlers.discarding());
            client.send(
                    request(store + "/login.php?action=check_login")
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(BodyPublishers.ofString("login_email=john.doe@gmail.com&login_pass=patron-sandbox"))
                            .build(),
                    BodyHandlers.discarding());
            for (int i = 0; i < 20; i++) {
                client.send(
                        request(store + "/customer/current.jwt?app_client_id=6sv16tfx3j5gsopm42ss5dd67g2srvq")
                                .build(),
                        BodyHandlers.discarding());
            }
        }
    }

    private static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address));
    }
}
