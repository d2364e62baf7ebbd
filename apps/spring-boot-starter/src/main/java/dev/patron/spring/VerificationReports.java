package dev.patron.spring;

import dev.patron.token.CurrentCustomer;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Tells Patron's console which client secret tokens are signed with, by its fingerprint, so that the developer portal shows
 * when each was last verified: at most once a minute for each secret, and beside requests, which never wait for it.
 * Thread-safe.
 */
final class VerificationReports implements TokenObserver {

    private static final Log LOG = LogFactory.getLog(VerificationReports.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** No redirect is followed: the access token is for the console only. */
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    private final List<HttpRequest> reports;
    private final AtomicReferenceArray<@Nullable Instant> reportedAt;
    private final AtomicBoolean failing = new AtomicBoolean();
    private final InstantSource clock;

    /**
     * Reports to a console.
     *
     * @param clientSecrets in the order in which the verifier has them
     */
    VerificationReports(
            URI console, String accessToken, String clientId, List<String> clientSecrets, InstantSource clock) {
        URI address = console.resolve(
                "/api/v1/apps/" + URLEncoder.encode(clientId, StandardCharsets.UTF_8) + "/verifications");
        this.reports = clientSecrets.stream()
                .map(secret -> HttpRequest.newBuilder(address)
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + accessToken)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"fingerprint\":\"" + Fingerprint.ofSecret(secret) + "\"}"))
                        .build())
                .toList();
        this.reportedAt = new AtomicReferenceArray<>(clientSecrets.size());
        this.clock = clock;
    }

    @Override
    public void accepted(CurrentCustomer customer) {
        int secret = customer.secretIndex();
        // A verifier of the app's own may have others.
        if (secret < reports.size() && isDue(secret)) {
            var unused = client.sendAsync(reports.get(secret), BodyHandlers.discarding())
                    .whenComplete(this::note);
        }
    }

    @Override
    public void refused(String id) {
        // It was signed with no secret of the app, or it does not matter with which.
    }

    private boolean isDue(int secret) {
        Instant now = clock.instant();
        Instant last = reportedAt.get(secret);
        return (last == null || Duration.between(last, now).abs().compareTo(INTERVAL) >= 0)
                && reportedAt.compareAndSet(secret, last, now);
    }

    private void note(@Nullable HttpResponse<Void> response, @Nullable Throwable failure) {
        boolean failed = response == null || response.statusCode() >= 300;
        if (!failing.getAndSet(failed) && failed) {
            LOG.warn("The console cannot be told which client secret tokens are signed with ("
                    + (response == null ? "it does not answer" : "status " + response.statusCode())
                    + "); tokens are verified all the same. See patron.report.console and patron.report.access-token.");
        }
    }
}
