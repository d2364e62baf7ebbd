package dev.patron.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.TestServices;
import dev.patron.server.options.InvalidOptionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperatorTokenFileTest {

    @Test
    void of_firstStart_makesAFileForItsOwnerOnly(@TempDir Path folder) throws IOException {
        OperatorToken.of(TestServices.options(folder));

        Path file = folder.resolve(OperatorToken.FILE);
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void of_damagedFile_isRefusedWithTheCure(@TempDir Path folder) throws IOException {
        Path file = folder.resolve(OperatorToken.FILE);
        Files.writeString(file, "t".repeat(32) + "\n");
        assertThat(OperatorToken.of(TestServices.options(folder))).isNotNull();

        for (String damaged : List.of("", "\n", "t".repeat(31))) {
            Files.writeString(file, damaged);
            assertThatExceptionOfType(InvalidOptionException.class)
                    .isThrownBy(() -> OperatorToken.of(TestServices.options(folder)))
                    .withMessageContaining("operator-token")
                    .withMessageContaining("Remove it");
        }
    }
}
