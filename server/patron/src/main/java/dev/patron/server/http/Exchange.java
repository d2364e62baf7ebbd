package dev.patron.server.http;

import dev.patron.endpoint.EndpointAnswer;
import dev.patron.endpoint.EndpointRequest;
import dev.patron.endpoint.FormFields;
import dev.patron.endpoint.MalformedFieldsException;
import dev.patron.endpoint.Problem;
import dev.patron.endpoint.RequestOrigin;
import dev.patron.endpoint.SecurityHeaders;
import dev.patron.server.compute.ComputePool;
import dev.patron.server.compute.OverloadedException;
import dev.patron.server.log.RequestId;
import dev.patron.server.trace.Traces;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request, wholly received, and its answer. Not thread-safe: it belongs to the request's thread. */
public final class Exchange implements EndpointRequest {

    private static final Header TEXT = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8");
    private static final Header JSON = HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

    /** On every answer, unless its handler says otherwise. */
    static final List<Header> SECURITY_HEADERS = SecurityHeaders.ALL.entrySet().stream()
            .map(header -> HeaderValues.createCached(header.getKey(), header.getValue()))
            .toList();

    private final ServerRequest request;
    private final ServerResponse response;
    private byte[] body;
    private final Framing framing;
    private final ClientConnection connection;
    private boolean streaming;
    private @Nullable BeforeAnswer beforeAnswer;
    private Runnable beforeRefusal = () -> {};

    /** Sees an answer before it is sent. */
    @FunctionalInterface
    public interface BeforeAnswer {
        /** Sees it. */
        void see(int status, byte[] body);
    }

    /** Writes an answer while it is being sent. */
    @FunctionalInterface
    public interface Streamed {
        /**
         * Writes all of it.
         *
         * @throws IOException when the client is gone
         */
        void writeTo(Appendable out) throws IOException;
    }

    Exchange(
            ServerRequest request, ServerResponse response, byte[] body, Framing framing, ClientConnection connection) {
        this.framing = framing;
        this.request = request;
        this.response = response;
        this.body = body;
        this.connection = connection;
        response.header(framing.date().header());
        for (Header header : SECURITY_HEADERS) {
            response.header(header);
        }
    }

    @Override
    public String method() {
        return request.prologue().method().text();
    }

    /** The request's path as it was sent: neither decoded nor normalised, and with a fragment if one was sent. */
    public String rawPath() {
        String path = request.prologue().uriPath().rawPath();
        return request.prologue().fragment().hasValue()
                ? path + "#" + request.prologue().fragment().rawValue()
                : path;
    }

    @Override
    public String target() {
        String query = request.prologue().query().rawValue();
        return query.isEmpty() ? rawPath() : rawPath() + "?" + query;
    }

    /** The last segment of the path. */
    public String lastSegment() {
        return rawPath().substring(rawPath().lastIndexOf('/') + 1);
    }

    /** A segment of the path: of {@code /a/b}, {@code a} is number 0. There is one for each in the handler's path. */
    public String segment(int number) {
        return rawPath().split("/", -1)[number + 1];
    }

    /** The values of a query parameter, decoded, in the order in which they were sent. */
    public List<String> query(String name) {
        try {
            return FormFields.values(request.prologue().query().rawValue(), name);
        } catch (MalformedFieldsException malformed) {
            throw new ProblemException(Problem.badRequest(malformed.detail()));
        }
    }

    /** What the browser tells of where the request comes from. */
    public RequestOrigin origin() {
        return RequestOrigin.of(this::header);
    }

    @Override
    public Optional<String> header(String name) {
        return header(HeaderNames.create(name));
    }

    Optional<String> header(HeaderName name) {
        return request.headers().contains(name)
                ? Optional.of(String.join(
                        name.equals(HeaderNames.COOKIE) ? "; " : ", ",
                        request.headers().get(name).allValues()))
                : Optional.empty();
    }

    /** The {@code Cookie} header, or an empty string. */
    public String cookies() {
        return header(HeaderNames.COOKIE).orElse("");
    }

    /** As a trusted proxy says, else the {@code Host} header: the listener accepts no request without exactly one. */
    @Override
    public String authority() {
        return framing.forwarding()
                .host(peer(), this)
                .orElseGet(() -> request.headers().get(HeaderNames.HOST).get());
    }

    /** The network address that the request came from, at first if trusted proxies have passed it on. */
    public InetAddress remoteAddress() {
        return framing.forwarding().sender(peer(), this);
    }

    /** The address that is known of whoever sent the request, unless only a trusted proxy's is. */
    Optional<InetAddress> client() {
        InetAddress sender = remoteAddress();
        return framing.forwarding().isTrusted(sender) ? Optional.empty() : Optional.of(sender);
    }

    private InetAddress peer() {
        return connection.address();
    }

    /** The request's body, or no bytes. */
    public byte[] body() {
        return body.clone();
    }

    /** The request's body as the fields of an HTML form. */
    public Form form() {
        return Form.parse(new String(body, StandardCharsets.UTF_8));
    }

    /** Sets a cookie beside those that were set before, which {@link #with} would replace. */
    public Exchange withCookie(String setCookie) {
        response.headers().add(HeaderValues.create(HeaderNames.SET_COOKIE, setCookie));
        return this;
    }

    /** Sets a response header, over a default of the same name. */
    public Exchange with(String name, String value) {
        response.header(HeaderValues.create(name, value));
        return this;
    }

    /** Has the answer shown once, before it is sent; a streamed one is not. */
    public void beforeAnswer(BeforeAnswer look) {
        beforeAnswer = look;
    }

    /** Has this done before an answer 429 is sent; the body is not needed any more then. */
    void beforeRefusal(Runnable work) {
        beforeRefusal = work;
    }

    /** Has the connection closed after the answer: what follows the request is not read. */
    Exchange closing() {
        connection.readNoFurtherRequest();
        return with("Connection", "close");
    }

    /** A header of the answer, where it was set. */
    public Optional<String> answerHeader(String name) {
        HeaderName header = HeaderNames.create(name);
        return response.headers().contains(header)
                ? Optional.of(response.headers().get(header).get())
                : Optional.empty();
    }

    /** Sets the response header that belongs to a problem, if one does; the trace is told its id. */
    public Exchange withHeaderOf(Problem problem) {
        Traces.current().ifPresent(traced -> traced.problem(problem.id()));
        Problem.ResponseHeader header = problem.header();
        return header == null ? this : with(header.name(), header.value());
    }

    /** Answers with plain text. */
    public void sendText(int status, String text) {
        response.header(TEXT);
        send(status, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with a JSON document. */
    public void sendJson(int status, byte[] json) {
        response.header(JSON);
        send(status, json);
    }

    /** Answers with a JSON document. */
    public void sendJson(int status, String json) {
        sendJson(status, json.getBytes(StandardCharsets.UTF_8));
    }

    /** Answers with bytes of some other type. */
    public void send(int status, String contentType, byte[] bytes) {
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, contentType));
        send(status, bytes);
    }

    /**
     * Answers 200 with text of any length, without ever having all of it in memory. When it fails on the way, the
     * connection is closed before the end, so that nobody takes a part for the whole.
     */
    public void stream(String contentType, Streamed text) {
        framing.answered().accept(200);
        response.status(Status.OK_200);
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, contentType));
        if (request.prologue().method().equals(Method.HEAD)) {
            response.send(new byte[0]);
            return;
        }
        streaming = true;
        connection.sending();
        // Not closed when it fails: closing is what tells the client that it has all.
        Writer out = new OutputStreamWriter(
                new Parts(response.outputStream(), connection::progress), StandardCharsets.UTF_8);
        try {
            text.writeTo(out);
            out.close();
        } catch (IOException gone) {
            throw new CloseConnectionException("The client did not take the answer", gone);
        }
    }

    /** Answers 200 with a file, as {@link #stream} does with text. */
    public void sendFile(String contentType, Path file) {
        framing.answered().accept(200);
        response.status(Status.OK_200);
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, contentType));
        streaming = true;
        connection.sending();
        OutputStream out = new Parts(response.outputStream(), connection::progress);
        try {
            Files.copy(file, out);
            out.close();
        } catch (IOException gone) {
            throw new CloseConnectionException("The client did not take the answer", gone);
        }
    }

    /**
     * Has a pool work for longer than clients are otherwise given time to take an answer.
     *
     * @throws OverloadedException when too much work is waiting there
     */
    public void workPatiently(ComputePool pool, Runnable work) {
        pool.run(work, connection::progress);
    }

    /** Answers as the endpoint says. */
    public void send(EndpointAnswer answer) {
        Optional.ofNullable(answer.problemId())
                .ifPresent(id -> Traces.current().ifPresent(traced -> traced.problem(id)));
        answer.headers().forEach((name, value) -> {
            if (!SecurityHeaders.ALL.containsKey(name)) {
                with(name, value);
            }
        });
        send(answer.status(), answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** Answers without a body. */
    public void send(int status) {
        send(status, new byte[0]);
    }

    /** Answers 302, as the platform's storefront does: go on with a GET there. The location is a path of this origin. */
    public void redirect(String location) {
        with("Location", location);
        send(302);
    }

    boolean isAnswered() {
        return streaming || response.isSent();
    }

    private void send(int status, byte[] bytes) {
        BeforeAnswer look = beforeAnswer;
        // When looking fails, the answer that says so is not looked at.
        beforeAnswer = null;
        if (look != null) {
            look.see(status, bytes);
        }
        framing.answered().accept(status);
        if (status == 429) {
            body = new byte[0];
            beforeRefusal.run();
        }
        if (status >= 500) {
            RequestId.current().ifPresent(id -> with(RequestId.HEADER, id));
        }
        connection.sending();
        response.status(status == 200 ? Status.OK_200 : Status.create(status));
        if (request.prologue().method().equals(Method.HEAD)) {
            response.header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, bytes.length));
            response.send(new byte[0]);
        } else {
            response.send(bytes);
        }
    }

    /** Tells after each write that there is progress. */
    private static final class Parts extends FilterOutputStream {

        private final Runnable progress;

        Parts(OutputStream out, Runnable progress) {
            super(out);
            this.progress = progress;
        }

        // A virtual thread is not preempted: it lets others go on by yielding only.
        @SuppressWarnings("ThreadPriorityCheck")
        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            progress.run();
            // Making a long answer is work, and a client that takes it fast never makes this thread wait.
            Thread.yield();
        }
    }
}
