package dev.patron.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that serves until it is stopped, and may be started again. What it prints last is kept. */
final class ServerProcess {

    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;
    private static final int LINES_KEPT = 200;
    /** What is running, and its folder. */
    private static final Map<Process, Path> ALIVE = new ConcurrentHashMap<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ALIVE.forEach(ServerProcess::remove)));
    }

    private final List<String> command;
    private final Path folder;
    private final String ready;
    private final List<String> lines = new ArrayList<>();
    private @Nullable Process process;

    /** A program that is not started yet, and prints a line with a certain text when it is ready. */
    ServerProcess(List<String> command, Path folder, String ready) {
        this.command = command;
        this.folder = folder;
        this.ready = ready;
    }

    /** Runs a program to its end, as the user whom servers run as. */
    static void run(Path folder, List<String> command) {
        run(command, builder(folder, command));
    }

    /** Runs a program to its end, as whoever runs this one. */
    static void run(List<String> command) {
        run(command, new ProcessBuilder(command).redirectErrorStream(true));
    }

    private static void run(List<String> command, ProcessBuilder builder) {
        try {
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command.get(0) + " failed:\n" + output);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            throw interrupted(stopping);
        }
    }

    /** Starts it, and waits until it is ready. */
    synchronized void start() {
        CompletableFuture<Void> becomesReady = new CompletableFuture<>();
        try {
            Process started = builder(folder, command).start();
            process = started;
            ALIVE.put(started, folder);
            Thread reader = new Thread(() -> read(started, becomesReady), "output of " + command.get(0));
            reader.setDaemon(true);
            reader.start();
            becomesReady.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            throw interrupted(stopping);
        } catch (ExecutionException | TimeoutException failed) {
            kill();
            throw new IllegalStateException(command.get(0) + " has not started. It said:\n" + output(), failed);
        }
    }

    /** Sends a signal to the program that was started. */
    synchronized void signal(String name) {
        send(name, Stream.of(running().toHandle()));
    }

    /** Sends a signal to the program and to everything that it has started. */
    synchronized void signalAll(String name) {
        send(name, Stream.concat(Stream.of(running().toHandle()), running().descendants()));
    }

    synchronized void awaitEnd() {
        try {
            if (!running().waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException(command.get(0) + " does not end. It said:\n" + output());
            }
        } catch (InterruptedException stopping) {
            throw interrupted(stopping);
        }
        ALIVE.remove(running());
    }

    /** Ends it at once, with everything that it has started. */
    synchronized void kill() {
        if (process != null) {
            killAll(process);
            awaitEnd();
        }
    }

    /** Ends a program at once, and has its folder, which may hold gigabytes, removed even after this process has ended. */
    private static void remove(Process process, Path folder) {
        killAll(process);
        try {
            new ProcessBuilder("rm", "-rf", folder.toString()).start();
        } catch (IOException failed) {
            // It is in the system's folder for what is temporary.
        }
    }

    /** Removes a folder and everything in it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException later) {
            // It is in the system's folder for what is temporary.
        }
    }

    private static ProcessBuilder builder(Path folder, List<String> command) {
        List<String> all = new ArrayList<>(OrdinaryUser.prefix());
        all.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(all).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private static void send(String signal, Stream<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.map(process -> Long.toString(process.pid())).forEach(command::add);
        try {
            if (new ProcessBuilder(command).start().waitFor() != 0) {
                throw new IllegalStateException("The signal " + signal + " cannot be sent");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            throw interrupted(stopping);
        }
    }

    private static void killAll(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private void read(Process started, CompletableFuture<Void> becomesReady) {
        try (BufferedReader output = started.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    if (lines.size() > LINES_KEPT) {
                        lines.remove(0);
                    }
                }
                if (line.contains(ready)) {
                    becomesReady.complete(null);
                }
            }
        } catch (IOException ended) {
            // What was read before its end counts.
        } finally {
            becomesReady.completeExceptionally(new IllegalStateException("It has ended"));
        }
    }

    private String output() {
        synchronized (lines) {
            return String.join("\n", lines);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException(command.get(0) + " has not been started");
        }
        return process;
    }

    private static IllegalStateException interrupted(InterruptedException stopping) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted", stopping);
    }
}
