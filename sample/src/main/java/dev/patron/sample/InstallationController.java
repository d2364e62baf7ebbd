package dev.patron.sample;

import dev.patron.spring.PatronProperties;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** How stores install the app, open it, and uninstall it. */
@Controller
class InstallationController {

    private static final Logger LOGGER = LoggerFactory.getLogger(InstallationController.class);
    private static final String CONTEXT = "stores/";
    private static final String SCRIPT_NAME = "Sample app: your purchases and subscriptions";

    private final PlatformProperties platform;
    private final PatronProperties app;
    private final Installations installations;
    private final StoreApi store;
    private final SignedPayloads payloads;
    private final JsonMapper json = JsonMapper.shared();
    private final HttpClient client;

    InstallationController(
            PlatformProperties platform,
            PatronProperties app,
            Installations installations,
            StoreApi store,
            SignedPayloads payloads) {
        this.platform = platform;
        this.app = app;
        this.installations = installations;
        this.store = store;
        this.payloads = payloads;
        this.client = HttpClient.newBuilder().connectTimeout(platform.timeout()).build();
    }

    @GetMapping("/")
    String home() {
        return "home";
    }

    /** The store has consented: the code is exchanged for an access token, with which the app adds its script to the shop. */
    @GetMapping("/auth/callback")
    String install(@RequestParam String code, @RequestParam String scope, @RequestParam String context, Model model) {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("client_id", app.clientId());
        request.put("client_secret", app.clientSecrets().get(0));
        request.put("code", code);
        request.put("scope", scope);
        request.put("context", context);
        request.put("grant_type", "authorization_code");
        request.put("redirect_uri", platform.app() + "/auth/callback");
        JsonNode granted = exchange(request);
        // Only the platform's own word counts for which store it is, not the address's.
        String storeHash = granted.path("context").asString("").replaceFirst("^" + CONTEXT, "");
        if (!storeHash.matches("[a-z0-9]{1,32}")) {
            throw new PlatformException("The platform does not say at which store.");
        }
        installations.save(storeHash, granted.path("access_token").asString());
        addScript(storeHash);
        LOGGER.info("Installed at the store {}.", storeHash);
        model.addAttribute("store", storeHash);
        return "installed";
    }

    @GetMapping("/load")
    String load(@RequestParam("signed_payload_jwt") String payload, Model model) {
        model.addAttribute("store", payloads.storeHash(payload).orElseThrow(NotThePlatformException::new));
        return "installed";
    }

    @GetMapping("/uninstall")
    ResponseEntity<Void> uninstall(@RequestParam("signed_payload_jwt") String payload) {
        String storeHash = payloads.storeHash(payload).orElseThrow(NotThePlatformException::new);
        installations.remove(storeHash);
        LOGGER.info("Uninstalled at the store {}.", storeHash);
        return ResponseEntity.noContent().build();
    }

    /** The app keeps nothing of the people who open it. */
    @GetMapping("/remove-user")
    ResponseEntity<Void> removeUser(@RequestParam("signed_payload_jwt") String payload) {
        String storeHash = payloads.storeHash(payload).orElseThrow(NotThePlatformException::new);
        LOGGER.info("A user of the store {} was removed.", storeHash);
        return ResponseEntity.noContent().build();
    }

    private JsonNode exchange(Map<String, Object> request) {
        try {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(URI.create(platform.address() + "/oauth2/token"))
                            .timeout(platform.timeout())
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(json.writeValueAsString(request)))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return json.readTree(answer.body());
            }
            throw new PlatformException("The platform does not take the code: " + answer.statusCode() + ".");
        } catch (IOException away) {
            throw new PlatformException("The platform does not answer.");
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new PlatformException("The app is stopping.");
        }
    }

    /** Once: the store may have installed the app before. */
    private void addScript(String storeHash) {
        String source = platform.app() + "/storefront.js?client_id=" + app.clientId();
        boolean there = store.get(storeHash, "/v3/content/scripts?limit=250")
                .map(scripts -> scripts.path("data").values().stream()
                        .anyMatch(script -> script.path("src").asString("").equals(source)))
                .orElse(false);
        if (!there) {
            store.post(
                    storeHash,
                    "/v3/content/scripts",
                    Map.of(
                            "name", SCRIPT_NAME,
                            "kind", "src",
                            "src", source,
                            "location", "footer",
                            "load_method", "defer"));
        }
    }

    /** Whoever calls is not the platform. */
    @SuppressWarnings("serial")
    static final class NotThePlatformException extends RuntimeException {
        NotThePlatformException() {
            super("The payload is not signed for this app", null, false, false);
        }
    }

    @ExceptionHandler
    ResponseEntity<String> refuse(NotThePlatformException refused) {
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED).body("The payload is not signed for this app.");
    }

    @ExceptionHandler
    ResponseEntity<String> fail(PlatformException failed) {
        LOGGER.warn("Not installed: {}", failed.getMessage());
        return ResponseEntity.status(HttpStatus.BAD_GATEWAY).body("The app could not be installed: try again.");
    }
}
