package dev.patron.e2e.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The rules of the house. Each takes the package that the modules live in, so that it can be tried on classes that
 * break it.
 */
final class Rules {

    /** Module to the modules that it may use, directly or not: the arrows of the design. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "token", Set.of(),
            "endpoint", Set.of("token"),
            "spring", Set.of("token"),
            "testkit", Set.of("endpoint", "token"),
            "server", Set.of("endpoint", "token"),
            "sandbox", Set.of("server", "endpoint", "token"),
            "sample", Set.of("spring", "token"),
            "engines", Set.of());

    /** Where clocks are made and handed on: the classes that wire a process, and the verifier's default. */
    private static final Set<String> CLOCK_WIRING = Set.of(
            "dev.patron.server.PatronServer",
            "dev.patron.server.cli.PatronCommand",
            "dev.patron.sandbox.Sandbox",
            "dev.patron.token.CurrentCustomerVerifier$Builder");

    private Rules() {}

    /** Each module uses the modules that its arrows lead to, and no other. */
    static List<ArchRule> moduleArrows(String root) {
        List<ArchRule> rules = new ArrayList<>();
        ARROWS.forEach((module, allowed) -> {
            List<String> forbidden = ARROWS.keySet().stream()
                    .filter(other -> !other.equals(module) && !allowed.contains(other))
                    .sorted()
                    .toList();
            rules.add(noClasses()
                    .that()
                    .resideInAPackage(root + "." + module + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(forbidden.stream()
                            .map(other -> root + "." + other + "..")
                            .toArray(String[]::new))
                    .allowEmptyShould(true));
        });
        return rules;
    }

    /** No class lives outside the modules that have arrows. */
    static ArchRule knownModules(String root) {
        return classes()
                .should()
                .resideInAnyPackage(ARROWS.keySet().stream()
                        .map(module -> root + "." + module + "..")
                        .toArray(String[]::new));
    }

    /** The token library needs the JDK's base module, and annotations that nothing reads at run time. */
    static ArchRule tokenStandsAlone(String root) {
        return standsAlone(root, "token");
    }

    /** The endpoint's rules need the token library beside that. */
    static ArchRule endpointNeedsOnlyTokens(String root) {
        return standsAlone(root, "endpoint", "token");
    }

    private static ArchRule standsAlone(String root, String module, String... others) {
        String[] known = Stream.concat(Stream.of(module), Stream.of(others))
                .map(each -> root + "." + each + "..")
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(root + "." + module + "..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(known)
                        .or(resideInAPackage("org.jspecify.annotations"))
                        .or(DescribedPredicate.describe(
                                "are of java.base",
                                type -> isOfJavaBase(type.getBaseComponentType().getName()))));
    }

    /** No two packages need each other, within a module or across. */
    static ArchRule noCycles(String root) {
        return slices().matching(root + ".(**)").should().beFreeOfCycles();
    }

    /** The time comes from the {@link InstantSource} that one is given, so that a test can say what time it is. */
    static ArchRule noInlineClocks() {
        return noClasses()
                .that(DescribedPredicate.describe("wire no process", type -> !CLOCK_WIRING.contains(type.getName())))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "the clock of the machine is read", access -> readsTheClock(access.getTarget())));
    }

    /** What a person reads on a terminal comes from the launchers and the command line; everything else is logged. */
    static ArchRule noPrinting() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("..cli..")
                .and()
                .doNotHaveSimpleName("Launcher")
                .should()
                .accessTargetWhere(target(DescribedPredicate.describe(
                        "is System.out, System.err or printStackTrace",
                        accessed -> (accessed.getOwner().isEquivalentTo(System.class)
                                        && Set.of("out", "err").contains(accessed.getName()))
                                || (accessed.getOwner().isAssignableTo(Throwable.class)
                                        && accessed.getName().equals("printStackTrace")))));
    }

    /** One way to log: {@link System.Logger}. The package that says what the log looks like knows what is behind it. */
    static ArchRule oneLogger() {
        return noClasses()
                .that()
                .resideOutsideOfPackage("..server.log..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.commons.logging..");
    }

    /**
     * A log line never takes a throwable as it is: messages of libraries hold what they were given, an e-mail address
     * for one.
     */
    static ArchRule noThrowableInLogs() {
        return noClasses()
                .should()
                .callMethodWhere(target(DescribedPredicate.<AccessTarget>describe(
                        "logs a throwable",
                        accessed -> accessed instanceof CodeUnitCallTarget call
                                && call.getOwner().isAssignableTo(System.Logger.class)
                                && call.getRawParameterTypes().stream()
                                        .anyMatch(type -> type.isEquivalentTo(Throwable.class)))));
    }

    /** Ids and secrets come from {@link java.security.SecureRandom}; nothing else has a use for chance. */
    static ArchRule noWeakRandomness() {
        return noClasses()
                .should()
                .accessTargetWhere(target(DescribedPredicate.describe(
                        "is predictable randomness",
                        accessed -> (accessed.getOwner().isAssignableTo(Random.class)
                                        && !accessed.getOwner().isAssignableTo(java.security.SecureRandom.class))
                                || accessed.getOwner().isEquivalentTo(java.util.SplittableRandom.class)
                                || (accessed.getOwner().isEquivalentTo(Math.class)
                                        && accessed.getName().equals("random")))));
    }

    private static boolean readsTheClock(AccessTarget target) {
        JavaClass owner = target.getOwner();
        String name = target.getName();
        if (owner.isEquivalentTo(System.class)) {
            return name.equals("currentTimeMillis") || name.equals("nanoTime");
        }
        if (owner.isEquivalentTo(Date.class)) {
            return name.equals("<init>")
                    && target instanceof CodeUnitCallTarget call
                    && call.getRawParameterTypes().isEmpty();
        }
        if (owner.isAssignableTo(Calendar.class)) {
            return name.equals("getInstance");
        }
        if (owner.isEquivalentTo(Clock.class) || owner.isEquivalentTo(InstantSource.class)) {
            return name.startsWith("system") || name.startsWith("tick");
        }
        return owner.getPackageName().equals("java.time")
                && assignableTo(Temporal.class).test(owner)
                && name.equals("now");
    }

    private static boolean isOfJavaBase(String name) {
        try {
            return "java.base"
                    .equals(Class.forName(name, false, null).getModule().getName());
        } catch (ClassNotFoundException elsewhere) {
            return PRIMITIVES.contains(name);
        }
    }

    private static final Set<String> PRIMITIVES =
            Set.of("void", "boolean", "byte", "short", "char", "int", "long", "float", "double");
}
