package dev.patron.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Measures one contestant of the token benchmarks by the CPU time of its thread, the best of many rounds: coarser than JMH,
 * but of use on a machine that others load, too.
 */
public final class CpuTime {
    private static final int ROUNDS = 60;
    private static final int CALLS = 20_000;

    private static final VerifyBenchmark VERIFY = new VerifyBenchmark();
    private static final SignBenchmark SIGN = new SignBenchmark();

    private static final Map<String, Callable<?>> CONTESTANTS = Map.ofEntries(
            Map.entry("verify-bareMac256", VERIFY::bareMac256),
            Map.entry("verify-bareMac512", VERIFY::bareMac512),
            Map.entry("verify-patron256", VERIFY::patron256),
            Map.entry("verify-patron512", VERIFY::patron512),
            Map.entry("verify-nimbus256", VERIFY::nimbus256),
            Map.entry("verify-javaJwt256", VERIFY::javaJwt256),
            Map.entry("verify-jjwt256", VERIFY::jjwt256),
            Map.entry("verify-jose4j256", VERIFY::jose4j256),
            Map.entry("sign-bareMac256", SIGN::bareMac256),
            Map.entry("sign-bareMac512", SIGN::bareMac512),
            Map.entry("sign-patron256", SIGN::patron256),
            Map.entry("sign-patron512", SIGN::patron512),
            Map.entry("sign-nimbus256", SIGN::nimbus256),
            Map.entry("sign-javaJwt256", SIGN::javaJwt256),
            Map.entry("sign-jjwt256", SIGN::jjwt256),
            Map.entry("sign-jose4j256", SIGN::jose4j256));

    /** Keeps what is measured from being optimised away. */
    @SuppressWarnings("unused")
    private static volatile Object sink = "";

    private CpuTime() {}

    /**
     * Measures a contestant and prints its nanoseconds.
     *
     * @param args the contestant's name; without one, the names are printed
     * @throws Exception if the contestant fails
     */
    public static void main(String[] args) throws Exception {
        if (args.length == 0) {
            CONTESTANTS.keySet().stream().sorted().forEach(System.out::println);
            return;
        }
        Callable<?> contestant = CONTESTANTS.get(args[0]);
        if (contestant == null) {
            throw new IllegalArgumentException("there is no " + args[0]);
        }
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        double best = Double.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long start = threads.getCurrentThreadCpuTime();
            for (int call = 0; call < CALLS; call++) {
                sink = contestant.call();
            }
            best = Math.min(best, (threads.getCurrentThreadCpuTime() - start) / (double) CALLS);
        }
        System.out.printf("%s %.0f%n", args[0], best);
    }
}
