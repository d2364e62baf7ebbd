package dev.patron.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestServices;
import dev.patron.server.sql.RevisionConflictException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class StoresTest {

    private final StorageEngine engine;
    private TestServices services;

    StoresTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.empty(engine, folder);
        services.stores.create("first", "First", false, List.of("one.example", "also.one.example"));
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void create_severalHosts_allLeadToTheStore() {
        Store second = services.stores.create("second", "Second", true, List.of("two.example", "[::1]", "10.0.0.7"));

        assertThat(second.scheme()).isEqualTo("https");
        assertThat(services.stores.atHost("two.example")).contains(second);
        assertThat(services.stores.atHost("[::1]")).contains(second);
        assertThat(services.stores.atHost("10.0.0.7")).contains(second);
        assertThat(services.stores.hosts("second")).containsExactly("10.0.0.7", "[::1]", "two.example");
        assertThat(services.stores.list()).extracting(Store::hash).containsExactly("first", "second");
    }

    @Test
    void setOpenToDevelopers_opensThatStoreOnly() {
        services.stores.create("second", "Second", true, List.of("two.example"));
        assertThat(services.stores.openToDevelopers()).isEmpty();

        assertThat(setOpen("second", true)).isTrue();

        assertThat(services.stores.openToDevelopers()).extracting(Store::hash).containsExactly("second");
        assertThat(services.stores.find("second")).map(Store::openToDevelopers).contains(true);
        assertThat(services.stores.atHost("one.example"))
                .map(Store::openToDevelopers)
                .contains(false);
        assertThat(setOpen("second", false)).isTrue();
        assertThat(services.stores.openToDevelopers()).isEmpty();
        assertThat(setOpen("third", true)).isFalse();
    }

    private boolean setOpen(String hash, boolean open) {
        return services.stores
                .update(hash, OptionalLong.empty(), details -> details.openToDevelopers(open))
                .isPresent();
    }

    @Test
    void update_changesThatStoreAtOnce() {
        Store second = services.stores.create("second", "Second", true, List.of("two.example", "too.example"));

        Store changed = services.stores
                .update(
                        "second",
                        OptionalLong.of(second.revision()),
                        _ -> new StoreDetails("Two", false, true, List.of("two.example", "three.example")))
                .orElseThrow();

        assertThat(changed).isEqualTo(new Store("second", "Two", false, true, 2));
        assertThat(services.stores.atHost("three.example")).contains(changed);
        assertThat(services.stores.atHost("too.example")).isEmpty();
        assertThat(services.stores.atHost("one.example")).map(Store::name).contains("First");
    }

    @Test
    void update_fromAnOldRevision_changesNothing() {
        StoreDetails other = new StoreDetails("Other", false, false, List.of("one.example"));
        services.stores.update("first", OptionalLong.of(1), _ -> other);

        assertThatExceptionOfType(RevisionConflictException.class)
                .isThrownBy(() -> services.stores.update(
                        "first",
                        OptionalLong.of(1),
                        _ -> new StoreDetails("Late", false, false, List.of("one.example"))))
                .satisfies(conflict -> assertThat(conflict.current()).isEqualTo(2));
        assertThat(services.stores.find("first")).map(Store::name).contains("Other");
    }

    @Test
    void update_toWhatItIsAlready_isNoRevision() {
        Store same = services.stores
                .update("first", OptionalLong.of(1), details -> details)
                .orElseThrow();

        assertThat(same.revision()).isEqualTo(1);
    }

    @Test
    void update_toAHostOfAnotherStore_changesNothing() {
        services.stores.create("second", "Second", true, List.of("two.example"));

        assertThatExceptionOfType(InvalidStoreException.class)
                .isThrownBy(() -> services.stores.update(
                        "second",
                        OptionalLong.empty(),
                        _ -> new StoreDetails("Two", true, false, List.of("one.example"))))
                .satisfies(invalid -> assertThat(invalid.member()).isEqualTo("hosts"));
        assertThat(services.stores.find("second")).map(Store::name).contains("Second");
        assertThat(services.stores.hosts("second")).containsExactly("two.example");
    }

    @Test
    void create_takenHash_isRefusedAndNothingIsWritten() {
        refused("store_hash", "first", "Again", List.of("three.example"));

        assertThat(services.stores.find("first")).map(Store::name).contains("First");
        assertThat(services.stores.atHost("three.example")).isEmpty();
        assertThat(services.stores.create("third", "Again", false, List.of("three.example")))
                .isNotNull();
    }

    @Test
    void create_takenHost_isRefusedAndNothingIsWritten() {
        refused("hosts", "second", "Second", List.of("two.example", "one.example"));

        assertThat(services.stores.find("second")).isEmpty();
        assertThat(services.stores.atHost("two.example")).isEmpty();
        assertThat(services.stores.atHost("one.example")).map(Store::hash).contains("first");
        assertThat(services.stores.create("second", "Second", false, List.of("two.example")))
                .isNotNull();
    }

    @Test
    void create_malformedHash_isRefused() {
        for (String hash : List.of("", "abcd", "a".repeat(33), "Abcde", "ab-cd", "abcdé", "abcde ")) {
            refused("store_hash", hash, "Store", List.of("two.example"));
        }
        assertThat(services.stores.create("abcde", "Store", false, List.of("two.example")))
                .isNotNull();
        assertThat(services.stores.create("a".repeat(32), "Store", false, List.of("three.example")))
                .isNotNull();
    }

    @Test
    void create_malformedName_isRefused() {
        for (String name : List.of("", "  ", "n".repeat(201), "a\nb", "a\u0000b")) {
            refused("name", "second", name, List.of("two.example"));
        }
        assertThat(services.stores.create("second", "n".repeat(200), false, List.of("two.example")))
                .isNotNull();
    }

    @Test
    void create_malformedHost_isRefused() {
        for (String host : List.of(
                "",
                "Two.example",
                "two.example:8080",
                "two..example",
                "-two.example",
                "two example",
                "two.example.",
                "two_example",
                "http://two.example",
                "a".repeat(256),
                "*.example")) {
            refused("hosts", "second", "Second", List.of(host));
        }
        refused("hosts", "second", "Second", List.of());
        assertThat(services.rows("store")).isEqualTo(1);
        assertThat(services.stores.create("second", "Second", false, List.of("two.example")))
                .isNotNull();
    }

    @Test
    void atHost_isExact() {
        assertThat(services.stores.atHost("one.example")).isPresent();
        for (String host : List.of("ONE.example", "one.example.", "example", "x.one.example", "%", "one_example", "")) {
            assertThat(services.stores.atHost(host)).as(host).isEmpty();
        }
    }

    @Test
    void hostOf_authority_losesPortAndCase() {
        assertThat(Stores.hostOf("one.example")).isEqualTo("one.example");
        assertThat(Stores.hostOf("One.Example:8080")).isEqualTo("one.example");
        assertThat(Stores.hostOf("[2001:DB8::1]")).isEqualTo("[2001:db8::1]");
        assertThat(Stores.hostOf("[2001:DB8::1]:443")).isEqualTo("[2001:db8::1]");
    }

    private void refused(String member, String hash, String name, List<String> hosts) {
        assertThatExceptionOfType(InvalidStoreException.class)
                .as(hash + " " + name + " " + hosts)
                .isThrownBy(() -> services.stores.create(hash, name, false, hosts))
                .satisfies(invalid -> {
                    assertThat(invalid.member()).isEqualTo(member);
                    assertThat(invalid.detail()).isNotBlank();
                });
    }
}
