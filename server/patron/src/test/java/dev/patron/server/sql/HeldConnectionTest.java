package dev.patron.server.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a thread may do while it holds a connection, and what it does once it holds none. */
class HeldConnectionTest {

    private TestServices services;

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(StorageEngine.H2, folder);
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void afterTransaction_runsOnceNothingIsHeld() {
        List<String> done = new ArrayList<>();

        services.database.transaction(handle -> {
            Database.afterTransaction(() -> {
                Database.requireNoneHeld();
                // Another transaction can run, so this one does not hold the lock of the embedded database any more.
                done.add("after " + services.database.<Integer>transaction(_ -> 1));
            });
            return done.add("within");
        });

        assertThat(done).containsExactly("within", "after 1");
        services.database.transaction(_ -> true);
        assertThat(done).hasSize(2);
    }

    @Test
    void afterTransaction_thatIsTakenBack_isNotRun() {
        List<String> done = new ArrayList<>();

        assertThatIllegalStateException()
                .isThrownBy(() -> services.database.transaction(handle -> {
                    Database.afterTransaction(() -> done.add("after"));
                    throw new IllegalStateException("Taken back");
                }));
        services.database.transaction(_ -> true);

        assertThat(done).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> Database.afterTransaction(() -> done.add("outside")));
    }

    @Test
    void requireNoneHeld_refusesWithinEveryKindOfWork() {
        Database.requireNoneHeld();

        assertRefused(() -> services.database.with(_ -> none()));
        assertRefused(() -> services.database.snapshot(_ -> none()));
        assertRefused(() -> services.database.transaction(_ -> none()));
        assertRefused(() -> services.database.patiently(_ -> none()));
        assertRefused(() -> services.database.query(_ -> none()));
        Database.requireNoneHeld();
    }

    private static boolean none() {
        Database.requireNoneHeld();
        return true;
    }

    private static void assertRefused(Runnable work) {
        assertThatIllegalStateException()
                .isThrownBy(work::run)
                .withMessageContaining("while a database connection is held");
    }
}
