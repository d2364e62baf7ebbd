package dev.patron.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process of Patron's own, as {@code java -jar} starts it, on free ports. What it prints is kept; it does not outlive
 * the tests.
 */
public final class ServerProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Pattern STOREFRONT = Pattern.compile("Storefront +http://localhost:(\\d+)");
    private static final Pattern CONSOLE = Pattern.compile("Console +http://localhost:(\\d+)");
    private static final String LAST_LINE_OF_BANNER = "Stop it with Ctrl+C.";

    private static final Set<Process> ALIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ServerProcess::killAll)));
    }

    private final Process process;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();
    private final CompletableFuture<Void> banner = new CompletableFuture<>();

    private ServerProcess(List<String> command, Path folder, Map<String, String> environment) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("PATRON_"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        try {
            process = builder.start();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        ALIVE.add(process);
        var _ = process.onExit().thenRun(() -> ALIVE.remove(process));
        reader = Thread.ofVirtual().start(this::read);
    }

    /** Runs a jar on free ports, and waits until it is ready. */
    public static ServerProcess start(Path jar, Path data, Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(Map.of(
                "PATRON_DATA", data.toString(),
                "PATRON_STOREFRONT_PORT", "0",
                "PATRON_CONSOLE_PORT", "0"));
        all.putAll(environment);
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return start(
                List.of(
                        java,
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-jar",
                        jar.toAbsolutePath().toString()),
                data,
                all);
    }

    /** Runs a program that starts a server, and waits until it is ready. */
    public static ServerProcess start(List<String> command, Path folder, Map<String, String> environment) {
        ServerProcess started = command(command, folder, environment);
        try {
            started.banner.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            return started;
        } catch (InterruptedException | ExecutionException | TimeoutException failed) {
            started.close();
            throw new AssertionError("The server has not started. It said:\n" + started.output(), failed);
        }
    }

    /** Runs a program in a folder. */
    public static ServerProcess command(List<String> command, Path folder, Map<String, String> environment) {
        return new ServerProcess(command, folder, environment);
    }

    /** The storefront as a browser reaches it. */
    public URI storefront() {
        if (!process.isAlive()) {
            throw new AssertionError(
                    "The server has ended by itself, with status " + process.exitValue() + ". It said:\n" + output());
        }
        return URI.create("http://localhost:" + port(STOREFRONT));
    }

    /** The console. */
    public URI console() {
        return URI.create("http://localhost:" + port(CONSOLE));
    }

    /** Its number in the system. */
    public long pid() {
        return process.pid();
    }

    /** What it has printed so far, errors included. */
    public String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    /** The processes that it has started. */
    public Stream<ProcessHandle> children() {
        return process.descendants();
    }

    /** Waits for its end, and tells its exit status. */
    public int exitStatus(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("Still running after " + limit.toSeconds() + " s. It said:\n" + output());
            }
            reader.join();
            return process.exitValue();
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", stopping);
        }
    }

    /** Ends it with SIGKILL: nothing in it gets to run. What it gave to the system to write is written. */
    public void kill() {
        killAll(process);
        var _ = exitStatus(STOP_LIMIT);
    }

    /** Asks it to stop, and makes it when it does not. */
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                killAll(process);
            }
        } catch (InterruptedException stopping) {
            killAll(process);
            Thread.currentThread().interrupt();
        }
    }

    private static void killAll(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                }
                if (line.contains(LAST_LINE_OF_BANNER)) {
                    banner.complete(null);
                }
            }
        } catch (IOException ended) {
            // What was read before the end of the process counts.
        } finally {
            banner.completeExceptionally(new IllegalStateException("The process has ended"));
        }
    }

    private int port(Pattern pattern) {
        Matcher matcher = pattern.matcher(output());
        if (!matcher.find()) {
            throw new AssertionError("The banner does not tell the port:\n" + output());
        }
        return Integer.parseInt(matcher.group(1));
    }
}
