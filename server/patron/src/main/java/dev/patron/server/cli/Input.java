package dev.patron.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What a command takes from a file or from standard input: it is long, or must not be seen on a command line. */
final class Input {

    private Input() {}

    /**
     * Reads text in UTF-8, and no more of it than a number of bytes.
     *
     * @param what what it is, for messages, which never quote it
     * @param file standard input when null
     * @throws ParameterException when it cannot be read
     */
    static String read(CommandSpec spec, String what, @Nullable Path file, int atMost) {
        try (InputStream stream = file == null ? System.in : Files.newInputStream(file)) {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(stream.readNBytes(atMost)))
                    .toString();
        } catch (CharacterCodingException otherCharset) {
            throw new ParameterException(spec.commandLine(), "The " + what + " is not in UTF-8, or is too long.");
        } catch (IOException unreadable) {
            throw new ParameterException(
                    spec.commandLine(),
                    file == null
                            ? "Standard input cannot be read."
                            : "There is no file " + file + " that you may read.");
        }
    }

    /** Reads the same without the end of the line, which files and pipes have and the text does not. */
    static String readLine(CommandSpec spec, String what, @Nullable Path file, int atMost) {
        return read(spec, what, file, atMost).replaceFirst("\\R\\z", "");
    }
}
