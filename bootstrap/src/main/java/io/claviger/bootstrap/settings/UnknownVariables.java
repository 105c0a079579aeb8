package io.claviger.bootstrap.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Finds variables without effect, such as unknown variables whose names look like those of
 * Claviger's variables. Without a warning, an operator would not notice a mistyped name.
 */
public final class UnknownVariables {
  private static final String PREFIX = "CLAVIGER_";

  /** The prefix of the names of variables that only Claviger's own tests use. */
  private static final String OF_TESTS = "CLAVIGER_TEST_";

  private static final String NAME = "[A-Za-z0-9_]{1,100}";

  private UnknownVariables() {}

  /**
   * Returns a sentence for each variable without effect: for unknown variables, and for the size of
   * the heap if only a file sets it. No sentence repeats a variable's value.
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
   * Returns a sentence for each unknown variable, in the order of the names. No sentence repeats a
   * variable's value.
   */
  public static List<String> in(Map<String, String> variables) {
    return new TreeSet<>(variables.keySet())
        .stream()
            .filter(name -> name.matches(NAME) && name.startsWith(PREFIX))
            .filter(name -> !Variable.isKnown(name) && !name.startsWith(OF_TESTS))
            .map(UnknownVariables::sentence)
            .toList();
  }

  private static String sentence(String name) {
    String unknown = name + " is no variable of Claviger and has no effect";
    return nearest(name)
        .map(meant -> unknown + ": did you mean " + meant + "?")
        .orElse(unknown + ": `claviger serve --help` lists them");
  }

  /**
   * Returns the known name that needs the fewest edits to become the given name; empty if even that
   * name needs many edits.
   */
  private static Optional<String> nearest(String name) {
    return Variable.ALL.stream()
        .map(known -> new Candidate(known.name(), distance(name, known.name())))
        .min(Comparator.comparingInt(Candidate::edits))
        .filter(best -> best.edits() <= most(best.name()))
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
    return known.startsWith(PREFIX)
        ? whole
        : Math.min(whole, 1 + EditDistance.between(name.substring(PREFIX.length()), known));
  }
}
