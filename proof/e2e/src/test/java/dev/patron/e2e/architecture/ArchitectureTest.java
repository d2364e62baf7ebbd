package dev.patron.e2e.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.patron.e2e.Root;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The modules keep to the {@link Rules}, and each rule notices who does not. */
class ArchitectureTest {

    private static final String ROOT = "dev.patron";
    private static final String FIXTURE = "dev.patron.e2e.architecture.fixture";

    private static final JavaClasses MODULES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            // Compiled from the templates: they belong to the pages that show them.
            .withImportOption(location -> !location.contains("/templates/"))
            .importPackages(ROOT);

    @Test
    void looksAtTheModules() {
        assertThat(MODULES.contain("dev.patron.token.CurrentCustomerVerifier")).isTrue();
        assertThat(MODULES.contain("dev.patron.server.PatronServer")).isTrue();
        assertThat(MODULES.stream().noneMatch(type -> type.getPackageName().startsWith("dev.patron.e2e")))
                .isTrue();
    }

    /** They are not on this class path: Spring comes with them. */
    @Test
    void appsSide_keepsToTheArrows() {
        JavaClasses classes = new ClassFileImporter()
                .importPaths(
                        Root.PATH.resolve("apps/spring-boot-starter/target/classes"),
                        Root.PATH.resolve("apps/testkit/target/classes"),
                        Root.PATH.resolve("sample/target/classes"));
        assertThat(classes.contain("dev.patron.spring.PatronAutoConfiguration")).isTrue();
        assertThat(classes.contain("dev.patron.sample.SampleApplication")).isTrue();
        assertThat(classes.contain("dev.patron.testkit.Tokens")).isTrue();
        Rules.moduleArrows(ROOT).forEach(rule -> rule.allowEmptyShould(true).check(classes));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void modulesKeepTo(ArchRule rule) {
        rule.check(MODULES);
    }

    static Stream<ArchRule> rules() {
        return Stream.concat(
                Rules.moduleArrows(ROOT).stream(),
                Stream.of(
                        Rules.knownModules(ROOT),
                        Rules.tokenStandsAlone(ROOT),
                        Rules.endpointNeedsOnlyTokens(ROOT),
                        Rules.noCycles(ROOT),
                        Rules.noInlineClocks(),
                        Rules.noPrinting(),
                        Rules.oneLogger(),
                        Rules.noThrowableInLogs(),
                        Rules.noWeakRandomness()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("violations")
    void noticesWhoDoesNot(String folder, ArchRule rule, List<String> violations) {
        JavaClasses fixture = new ClassFileImporter().importPackages(FIXTURE + folder);

        assertThatThrownBy(() -> rule.check(fixture))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll(violations.toArray(CharSequence[]::new));
    }

    static Stream<Arguments> violations() {
        return Stream.of(
                Arguments.of("", arrowsOf("token"), List.of("UsesServer.run()", "UsedByToken.answer()")),
                Arguments.of("", Rules.knownModules(FIXTURE), List.of("InlineClocks")),
                Arguments.of(
                        "",
                        Rules.tokenStandsAlone(FIXTURE),
                        List.of("UsesServer.run()", "UsesLibrary.mapper()", "UsesLibrary.logger()")),
                Arguments.of(".cycle", Rules.noCycles(FIXTURE), List.of("Cycle detected", "Hen", "Egg")),
                Arguments.of(
                        ".clocks",
                        Rules.noInlineClocks(),
                        Stream.of(
                                        "instant",
                                        "localDate",
                                        "zoned",
                                        "millis",
                                        "nanos",
                                        "date",
                                        "calendar",
                                        "clock",
                                        "tick",
                                        "source",
                                        "reference")
                                .map(method -> "InlineClocks." + method + "()")
                                .toList()),
                Arguments.of(
                        ".printing",
                        Rules.noPrinting(),
                        List.of("Prints.out()", "Prints.err()", "Prints.trace(java.lang.Throwable)")),
                Arguments.of(".logging", Rules.oneLogger(), List.of("LogsElsewhere.logger()")),
                Arguments.of(
                        ".logging", Rules.noThrowableInLogs(), List.of("LogsThrowable.direct", "LogsThrowable.lazy")),
                Arguments.of(
                        ".randomness",
                        Rules.noWeakRandomness(),
                        List.of("Predictable.random()", "Predictable.shared()", "Predictable.math()")));
    }

    /** Nobody is accused for nothing: one class that does all of it the right way passes all rules. */
    @Test
    void acceptsTheRightWay() {
        JavaClasses clean = new ClassFileImporter().importPackages(FIXTURE + ".clean");
        for (ArchRule rule : List.of(
                Rules.noInlineClocks(),
                Rules.noPrinting(),
                Rules.oneLogger(),
                Rules.noThrowableInLogs(),
                Rules.noWeakRandomness())) {
            rule.check(clean);
        }
    }

    private static ArchRule arrowsOf(String module) {
        return Rules.moduleArrows(FIXTURE).stream()
                .filter(rule -> rule.getDescription().contains("'" + FIXTURE + "." + module + "..'"))
                .filter(rule -> rule.getDescription()
                        .startsWith("no classes that reside in a package '" + FIXTURE + "." + module))
                .findFirst()
                .orElseThrow();
    }
}
