package dev.patron.e2e.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of this machine. */
final class Program {

    private static final List<String> BESIDE_THE_PATH = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

    private Program() {}

    /** What a program printed, errors included, and its exit status. */
    record Result(int status, String output) {}

    /** Where a program is, if it is installed. Administrators' programs are not on everybody's path. */
    static Optional<Path> find(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), BESIDE_THE_PATH.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Where a program is that the tests need, which is in the package of the same name. */
    static Path require(String name) {
        return require(name, "on Debian, as root: apt-get install " + name);
    }

    /**
     * Where a program is that the tests need. No test is skipped for want of one.
     *
     * @param installation how it is installed
     */
    static Path require(String name, String installation) {
        return find(name)
                .orElseThrow(
                        () -> new AssertionError("This test needs " + name + ". Install it (" + installation + ")."));
    }

    /** Runs a program to its end, which has to be a good one. */
    static String run(List<String> command) {
        Result result = tried(command);
        if (result.status() != 0) {
            throw new AssertionError(command.getFirst() + " ended with " + result.status() + ":\n" + result.output());
        }
        return result.output();
    }

    /** Runs a program to its end. */
    static Result tried(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), output);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new AssertionError("Interrupted", stopping);
        }
    }
}
