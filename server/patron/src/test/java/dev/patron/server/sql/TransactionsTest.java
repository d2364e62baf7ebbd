package dev.patron.server.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions beside each other: all of one, or none of it, whatever others do meanwhile. */
@OnEachEngine
class TransactionsTest {

    private static final int THREADS = 4;
    private static final int CHANGES = 500;

    private final StorageEngine engine;
    private TestServices services;

    TransactionsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
    }

    @AfterEach
    void close() {
        services.close();
    }

    private static final class TakenBack extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    @Test
    void changesOfOneRow_someTakenBack_leaveTheRowAndItsIndexAsTheLastOneWroteThem() throws Exception {
        services.database.transaction(handle -> {
            handle.execute("create table counter (id integer primary key, revision integer not null, left_mark integer,"
                    + " right_mark integer)");
            handle.execute("create index counter_by_left_mark on counter (left_mark)");
            handle.execute("create index counter_by_right_mark on counter (right_mark)");
            return handle.execute("insert into counter values (1, 0, null, null)");
        });
        List<Callable<Integer>> work = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            Random chance = new Random(thread);
            work.add(() -> {
                int made = 0;
                for (int i = 0; i < CHANGES; i++) {
                    made += change(chance) ? 1 : 0;
                }
                return made;
            });
        }

        int made = Together.run(work).stream().mapToInt(Integer::intValue).sum();

        assertThat(made).isBetween(1, THREADS * CHANGES - 1);
        assertThat(read("select revision from counter where id = 1")).isEqualTo(made);
    }

    /** Whether the change was made, and not taken back. */
    private boolean change(Random chance) {
        try {
            services.database.transaction(handle -> {
                handle.execute("select * from counter where id = 1 for update");
                switch (chance.nextInt(3)) {
                    case 0 -> handle.execute("update counter set left_mark = ? where id = 1", chance.nextInt(2));
                    case 1 ->
                        handle.execute(
                                "update counter set left_mark = null, right_mark = ? where id = 1", chance.nextInt(2));
                    default -> throw new TakenBack();
                }
                return handle.execute("update counter set revision = revision + 1 where id = 1");
            });
            return true;
        } catch (TakenBack takenBack) {
            return false;
        }
    }

    private int read(String query) {
        return services.database.with(
                handle -> handle.createQuery(query).mapTo(Integer.class).one());
    }
}
