package dev.patron.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs the token benchmarks and prints, as a table, each contestant's time and the two ratios that matter. */
public final class TokenReport {
    private static final List<String> LIBRARIES = List.of("nimbus256", "javaJwt256", "jjwt256", "jose4j256");

    private TokenReport() {}

    /**
     * Runs it.
     *
     * @param args options for JMH, which override the short run that is the default
     * @throws RunnerException if JMH fails
     * @throws CommandLineOptionException if JMH doesn't know an option
     */
    public static void main(String[] args) throws RunnerException, CommandLineOptionException {
        List<String> options = new ArrayList<>(List.of("(Verify|Sign)Benchmark"));
        options.addAll(
                args.length > 0
                        ? Arrays.asList(args)
                        : List.of("-f", "1", "-wi", "3", "-i", "5", "-w", "1s", "-r", "1s"));
        Collection<RunResult> results = new Runner(new CommandLineOptions(options.toArray(String[]::new))).run();
        Map<String, Double> nanoseconds = new TreeMap<>();
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceFirst(".*\\.", "");
            String work = result.getParams().getBenchmark().contains("Verify") ? "verify" : "sign";
            nanoseconds.put(work + " " + name, result.getPrimaryResult().getScore());
        }
        System.out.println("\n| | ns | x bare Mac | fastest library / this |\n| --- | ---: | ---: | ---: |");
        nanoseconds.forEach((name, time) -> {
            String work = name.substring(0, name.indexOf(' '));
            double mac = time(nanoseconds, work + " bareMac" + name.substring(name.length() - 3));
            double fastest = LIBRARIES.stream()
                    .mapToDouble(library -> time(nanoseconds, work + " " + library))
                    .min()
                    .orElseThrow();
            System.out.printf("| %s | %.0f | %.2f | %.1f |%n", name, time, time / mac, fastest / time);
        });
    }

    private static double time(Map<String, Double> nanoseconds, String name) {
        Double time = nanoseconds.get(name);
        return time == null ? Double.NaN : time;
    }
}
