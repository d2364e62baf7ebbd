package dev.patron.server.script;

import static dev.patron.server.TestServices.STORE_A;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.patron.server.OnEachEngine;
import dev.patron.server.StorageEngine;
import dev.patron.server.TestClock;
import dev.patron.server.TestServices;
import dev.patron.server.Together;
import dev.patron.server.sql.RevisionConflictException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@OnEachEngine
class ScriptsTest {

    private static final OptionalLong ANY = OptionalLong.empty();

    private final StorageEngine engine;
    private TestServices services;
    private Scripts scripts;

    ScriptsTest(StorageEngine engine) {
        this.engine = engine;
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        services = TestServices.open(engine, folder);
        scripts = services.scripts;
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void create_isFoundAsItWasMade() {
        ScriptDetails details = new ScriptDetails(
                "Räksmörgås",
                Place.HEAD,
                Set.of(PageKind.FRONT, PageKind.PRODUCT),
                "<script>\r\n'💡 \u2028' && ${x} :name ? \\ '' \" --\n</script>",
                false,
                7);

        Script created = scripts.create(STORE_A, details).orElseThrow();

        assertThat(created.details()).isEqualTo(details);
        assertThat(created.storeHash()).isEqualTo(STORE_A);
        assertThat(created.revision()).isEqualTo(1);
        assertThat(created.createdAt()).isEqualTo(TestClock.START);
        assertThat(created.updatedAt()).isEqualTo(TestClock.START);
        assertThat(scripts.find(STORE_A, created.id())).contains(created);
        assertThat(scripts.list(STORE_A)).containsExactly(created);
    }

    @Test
    void create_ofFullSize_isKeptWhole() {
        for (String contents : List.of("x".repeat(ScriptDetails.MAX_CONTENTS), "💡".repeat(16_384))) {
            long id = add(Place.FOOTER, contents).id();

            assertThat(scripts.find(STORE_A, id).orElseThrow().details().contents())
                    .isEqualTo(contents);
        }
    }

    @Test
    void create_atAStoreThatDoesNotExist_writesNothing() {
        assertThat(scripts.create("ccccc", details(Place.FOOTER, "x"))).isEmpty();

        assertThat(services.rows("script")).isZero();
    }

    @Test
    void create_beyondTheMost_isRefusedUntilOneIsRemoved() {
        for (int i = 1; i < Scripts.MAX_PER_STORE; i++) {
            add(Place.FOOTER, "x");
        }
        Script last = add(Place.FOOTER, "x");

        assertThatExceptionOfType(InvalidScriptException.class)
                .isThrownBy(() -> add(Place.FOOTER, "one too many"))
                .satisfies(invalid -> assertThat(invalid.detail()).contains("50"));
        assertThat(services.rows("script")).isEqualTo(Scripts.MAX_PER_STORE);

        assertThat(scripts.remove(STORE_A, last.id(), ANY)).isTrue();
        assertThat(add(Place.FOOTER, "in its place").id()).isGreaterThan(last.id());
    }

    @Test
    void create_manyAtOnce_neverPassTheMost() throws Exception {
        for (int i = 0; i < Scripts.MAX_PER_STORE - 3; i++) {
            add(Place.FOOTER, "x");
        }
        List<Callable<Boolean>> additions = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            additions.add(() -> {
                try {
                    return scripts.create(STORE_A, details(Place.FOOTER, "x")).isPresent();
                } catch (InvalidScriptException full) {
                    return false;
                }
            });
        }

        assertThat(Together.run(additions)).filteredOn(added -> added).hasSize(3);
        assertThat(services.rows("script")).isEqualTo(Scripts.MAX_PER_STORE);
    }

    @Test
    void on_tellsHeadFromFooter() {
        add(Place.FOOTER, "foot");
        add(Place.HEAD, "head");

        assertThat(scripts.on(STORE_A, PageKind.FRONT)).isEqualTo(new PageScripts(List.of("head"), List.of("foot")));
    }

    @Test
    void on_isOfTheKindOfPage() {
        addTo(Set.of(), "every");
        addTo(Set.of(PageKind.FRONT), "front");
        addTo(Set.of(PageKind.CATEGORY), "category");
        addTo(Set.of(PageKind.PRODUCT), "product");
        addTo(Set.of(PageKind.CATEGORY, PageKind.PRODUCT), "both");
        addTo(Set.of(PageKind.values()), "all three");

        assertThat(footer(PageKind.FRONT)).containsExactly("every", "front", "all three");
        assertThat(footer(PageKind.CATEGORY)).containsExactly("every", "category", "both", "all three");
        assertThat(footer(PageKind.PRODUCT)).containsExactly("every", "product", "both", "all three");
        assertThat(scripts.list(STORE_A))
                .extracting(script -> script.details().pages())
                .startsWith(Set.of(), Set.of(PageKind.FRONT))
                .endsWith(Set.of(PageKind.FRONT, PageKind.CATEGORY, PageKind.PRODUCT));
    }

    @Test
    void on_runsInOrder_andTheOlderFirst() {
        Script third = addInOrder(20, "third");
        addInOrder(20, "fourth");
        addInOrder(3, "second");
        addInOrder(0, "first");
        assertThat(footer(PageKind.FRONT)).containsExactly("first", "second", "third", "fourth");
        assertThat(scripts.list(STORE_A))
                .extracting(script -> script.details().contents())
                .containsExactly("first", "second", "third", "fourth");

        change(third, ANY, details -> ordered(details, 9999));

        assertThat(footer(PageKind.FRONT)).containsExactly("first", "second", "fourth", "third");
    }

    @Test
    void list_hasTheHeadFirst() {
        add(Place.FOOTER, "foot");
        add(Place.HEAD, "head");

        assertThat(scripts.list(STORE_A))
                .extracting(script -> script.details().place())
                .containsExactly(Place.HEAD, Place.FOOTER);
    }

    @Test
    void on_withoutScripts_isNone() {
        assertThat(scripts.on(STORE_A, PageKind.FRONT)).isEqualTo(PageScripts.NONE);
        assertThat(scripts.on("ccccc", PageKind.FRONT)).isEqualTo(PageScripts.NONE);
    }

    @Test
    void update_disabling_countsFromTheNextPage() {
        Script script = add(Place.FOOTER, "foot");
        assertThat(footer(PageKind.FRONT)).containsExactly("foot");
        services.clock.advance(Duration.ofMinutes(1));

        Script disabled = change(script, OptionalLong.of(1), details -> details.withEnabled(false));

        assertThat(disabled.revision()).isEqualTo(2);
        assertThat(disabled.createdAt()).isEqualTo(TestClock.START);
        assertThat(disabled.updatedAt()).isEqualTo(TestClock.START.plus(Duration.ofMinutes(1)));
        assertThat(footer(PageKind.FRONT)).isEmpty();

        change(disabled, OptionalLong.of(2), details -> details.withEnabled(true));
        assertThat(footer(PageKind.FRONT)).containsExactly("foot");
    }

    @Test
    void update_changesEverythingThatIsSaid() {
        Script script = add(Place.FOOTER, "foot");
        ScriptDetails other =
                new ScriptDetails("Other", Place.HEAD, Set.of(PageKind.PRODUCT), "<b>other</b>", false, 1);

        Script changed = change(script, ANY, _ -> other);

        assertThat(changed.details()).isEqualTo(other);
        assertThat(scripts.find(STORE_A, script.id())).contains(changed);
    }

    @Test
    void update_toWhatItIs_changesNothing() {
        Script script = add(Place.FOOTER, "foot");
        services.clock.advance(Duration.ofMinutes(1));

        assertThat(change(script, ANY, UnaryOperator.identity())).isEqualTo(script);
        assertThat(scripts.find(STORE_A, script.id())).contains(script);
    }

    @Test
    void update_fromAnotherRevision_isAConflictAndChangesNothing() {
        Script script = add(Place.FOOTER, "foot");
        Script changed = change(script, OptionalLong.of(1), details -> ordered(details, 1));

        for (long other : new long[] {1, 3}) {
            assertThatExceptionOfType(RevisionConflictException.class)
                    .isThrownBy(() -> change(script, OptionalLong.of(other), details -> ordered(details, 2)))
                    .satisfies(conflict -> {
                        assertThat(conflict.expected()).isEqualTo(other);
                        assertThat(conflict.current()).isEqualTo(2);
                    });
            assertThatExceptionOfType(RevisionConflictException.class)
                    .isThrownBy(() -> scripts.remove(STORE_A, script.id(), OptionalLong.of(other)));
        }
        assertThat(scripts.find(STORE_A, script.id())).contains(changed);
        assertThat(change(script, OptionalLong.of(2), details -> ordered(details, 2))
                        .revision())
                .isEqualTo(3);
    }

    @Test
    void update_manyFromOneRevision_letsOnePass() throws Exception {
        Script script = add(Place.FOOTER, "foot");
        List<Callable<Boolean>> changes = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            int order = i;
            changes.add(() -> {
                try {
                    change(script, OptionalLong.of(1), details -> ordered(details, order));
                    return true;
                } catch (RevisionConflictException slower) {
                    return false;
                }
            });
        }

        assertThat(Together.run(changes)).filteredOn(passed -> passed).hasSize(1);
        assertThat(scripts.find(STORE_A, script.id()).orElseThrow().revision()).isEqualTo(2);
    }

    @Test
    void update_manyFromNoRevision_loseNothing() throws Exception {
        Script script = addInOrder(0, "foot");
        List<Callable<Script>> changes = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            changes.add(() -> change(script, ANY, details -> ordered(details, details.order() + 1)));
        }
        Together.run(changes);

        Script last = scripts.find(STORE_A, script.id()).orElseThrow();
        assertThat(last.details().order()).isEqualTo(8);
        assertThat(last.revision()).isEqualTo(9);
    }

    @Test
    void update_thatFails_changesNothing() {
        Script script = add(Place.FOOTER, "foot");

        assertThatExceptionOfType(InvalidScriptException.class)
                .isThrownBy(() -> change(script, ANY, details -> ordered(details, -1)));

        assertThat(scripts.find(STORE_A, script.id())).contains(script);
        assertThat(change(script, ANY, details -> ordered(details, 1)).revision())
                .isEqualTo(2);
    }

    @Test
    void remove_isForGood() {
        Script script = add(Place.FOOTER, "foot");
        Script other = add(Place.FOOTER, "other");

        assertThat(scripts.remove(STORE_A, script.id(), OptionalLong.of(1))).isTrue();

        assertThat(scripts.find(STORE_A, script.id())).isEmpty();
        assertThat(scripts.list(STORE_A)).containsExactly(other);
        assertThat(footer(PageKind.FRONT)).containsExactly("other");
        assertThat(scripts.remove(STORE_A, script.id(), OptionalLong.of(1))).isFalse();
        assertThat(scripts.update(STORE_A, script.id(), ANY, details -> details.withEnabled(false)))
                .isEmpty();
    }

    private Script add(Place place, String contents) {
        return scripts.create(STORE_A, details(place, contents)).orElseThrow();
    }

    private void addTo(Set<PageKind> pages, String contents) {
        assertThat(scripts.create(STORE_A, new ScriptDetails("n", Place.FOOTER, pages, contents, true, 0)))
                .isPresent();
    }

    private Script addInOrder(int order, String contents) {
        return scripts.create(STORE_A, ordered(details(Place.FOOTER, contents), order))
                .orElseThrow();
    }

    private Script change(Script script, OptionalLong revision, UnaryOperator<ScriptDetails> change) {
        return scripts.update(STORE_A, script.id(), revision, change).orElseThrow();
    }

    private List<String> footer(PageKind kind) {
        return scripts.on(STORE_A, kind).footer();
    }

    private static ScriptDetails details(Place place, String contents) {
        return new ScriptDetails("n", place, Set.of(), contents, true, ScriptDetails.DEFAULT_ORDER);
    }

    private static ScriptDetails ordered(ScriptDetails details, int order) {
        return new ScriptDetails(
                details.name(), details.place(), details.pages(), details.contents(), details.enabled(), order);
    }
}
