package io.claviger.bootstrap.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Finds variables that operators have to be warned of. These are unknown variables whose names
 * begin like the names of Claviger's variables, variables whose names are probably mistyped names
 * of OpenTelemetry's variables, and variables that have no effect where they are set. Without a
 * warning, an operator would not notice a mistyped name.
 */
public final class UnknownVariables {
  private static final String PREFIX = "CLAVIGER_";

  /** The prefix of the names of variables that only Claviger's own tests use. */
  private static final String OF_TESTS = "CLAVIGER_TEST_";

  private static final String NAME = "[A-Za-z0-9_]{1,100}";

  /**
   * The variables of OpenTelemetry that operators are likely to set. OpenTelemetry's SDK reads more
   * variables, and does not say which.
   */
  private static final Set<String> OF_TELEMETRY = telemetry();

  /**
   * A name that differs from the name of a variable of OpenTelemetry by at most this many edits
   * counts as mistyped.
   */
  private static final int MISTYPED = 2;

  private UnknownVariables() {}

  /**
   * Returns a sentence for each unknown variable of Claviger, for each mistyped variable of
   * OpenTelemetry, and for the size of the heap if only a file sets it. No sentence repeats a
   * variable's value.
   */
  public static List<String> in(GivenVariables given) {
    List<String> sentences = new ArrayList<>(in(given.values()));
    if (given.heapOnlyInFile()) {
      sentences.add(
          "CLAVIGER_HEAP has no effect in a file of variables: set it in the environment");
    }
    return sentences;
  }

  /**
   * Returns a sentence for each unknown variable of Claviger, and for each mistyped variable of
   * OpenTelemetry, in the order of the names. No sentence repeats a variable's value.
   */
  public static List<String> in(Map<String, String> variables) {
    return new TreeSet<>(variables.keySet())
        .stream().filter(name -> name.matches(NAME)).flatMap(UnknownVariables::about).toList();
  }

  private static Stream<String> about(String name) {
    if (name.startsWith(Variable.TELEMETRY)) {
      return meantOfTelemetry(name)
          .map(meant -> "%s is probably mistyped: did you mean %s?".formatted(name, meant))
          .stream();
    }
    boolean unknown =
        name.startsWith(PREFIX) && !Variable.isKnown(name) && !name.startsWith(OF_TESTS);
    return unknown ? Stream.of(sentence(name)) : Stream.empty();
  }

  /** Returns the name that was probably meant; empty if the given name does not look mistyped. */
  private static Optional<String> meantOfTelemetry(String name) {
    return OF_TELEMETRY.contains(name)
        ? Optional.empty()
        : nearest(name, OF_TELEMETRY.stream(), known -> MISTYPED);
  }

  private static Set<String> telemetry() {
    Set<String> names =
        new TreeSet<>(
            List.of(
                "OTEL_BLRP_EXPORT_TIMEOUT",
                "OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
                "OTEL_BLRP_MAX_QUEUE_SIZE",
                "OTEL_BLRP_SCHEDULE_DELAY",
                "OTEL_BSP_EXPORT_TIMEOUT",
                "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
                "OTEL_BSP_MAX_QUEUE_SIZE",
                "OTEL_BSP_SCHEDULE_DELAY",
                "OTEL_LOGS_EXPORTER",
                "OTEL_METRICS_EXPORTER",
                "OTEL_METRIC_EXPORT_INTERVAL",
                "OTEL_METRIC_EXPORT_TIMEOUT",
                "OTEL_PROPAGATORS",
                "OTEL_RESOURCE_ATTRIBUTES",
                "OTEL_SDK_DISABLED",
                "OTEL_SERVICE_NAME",
                "OTEL_TRACES_EXPORTER",
                "OTEL_TRACES_SAMPLER",
                "OTEL_TRACES_SAMPLER_ARG"));
    for (String signal : List.of("", "LOGS_", "METRICS_", "TRACES_")) {
      for (String setting :
          List.of(
              "CERTIFICATE",
              "CLIENT_CERTIFICATE",
              "CLIENT_KEY",
              "COMPRESSION",
              "ENDPOINT",
              "HEADERS",
              "PROTOCOL",
              "TIMEOUT")) {
        names.add("OTEL_EXPORTER_OTLP_" + signal + setting);
      }
    }
    return names;
  }

  private static String sentence(String name) {
    String unknown = name + " is no variable of Claviger and has no effect";
    return nearest(name, Variable.ALL.stream().map(Variable::name), UnknownVariables::most)
        .map(meant -> unknown + ": did you mean " + meant + "?")
        .orElse(unknown + ": `claviger serve --help` lists them");
  }

  /**
   * Returns the known name that needs the fewest edits to become the given name; empty if even that
   * name needs too many edits.
   *
   * @param most the function that returns the maximum number of edits for a known name
   */
  private static Optional<String> nearest(
      String name, Stream<String> known, ToIntFunction<String> most) {
    return known
        .map(each -> new Candidate(each, distance(name, each)))
        .min(Comparator.comparingInt(Candidate::edits))
        .filter(best -> best.edits() <= most.applyAsInt(best.name()))
        .map(Candidate::name);
  }

  private record Candidate(String name, int edits) {}

  private static int most(String known) {
    int varying = known.startsWith(PREFIX) ? known.length() - PREFIX.length() : known.length();
    return Math.max(2, varying / 3);
  }

  /**
   * Counts the edits between two names. A superfluous prefix, as in {@code CLAVIGER_DATABASE_URL},
   * counts as one edit.
   */
  private static int distance(String name, String known) {
    int whole = EditDistance.between(name, known);
    return name.startsWith(PREFIX) && !known.startsWith(PREFIX)
        ? Math.min(whole, 1 + EditDistance.between(name.substring(PREFIX.length()), known))
        : whole;
  }
}
