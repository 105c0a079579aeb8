package io.claviger.bootstrap.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Variables that look like Claviger's but are none. They have no effect, which an operator who
 * mistyped a name would not notice.
 */
public final class UnknownVariables {
  private static final String PREFIX = "CLAVIGER_";

  /** Variables of Claviger's own tests. */
  private static final String OF_TESTS = "CLAVIGER_TEST_";

  private static final String NAME = "[A-Za-z0-9_]{1,100}";

  private UnknownVariables() {}

  /** Returns a sentence for each, in the order of the names. No sentence repeats a value. */
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

  /** The known name that takes the fewest edits, if these are few. */
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

  /** A prefix too many, as in {@code CLAVIGER_DATABASE_URL}, counts as one edit. */
  private static int distance(String name, String known) {
    int whole = edits(name, known);
    return known.startsWith(PREFIX)
        ? whole
        : Math.min(whole, 1 + edits(name.substring(PREFIX.length()), known));
  }

  /** Counts insertions, deletions, replacements and swaps of neighbours. */
  private static int edits(String from, String to) {
    int[][] edits = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      for (int j = 0; j <= to.length(); j++) {
        edits[i][j] = i == 0 || j == 0 ? i + j : step(edits, from, to, i, j);
      }
    }
    return edits[from.length()][to.length()];
  }

  private static int step(int[][] edits, String from, String to, int i, int j) {
    int same = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
    int least =
        Math.min(edits[i - 1][j - 1] + same, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
    boolean swapped =
        i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1);
    return swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
  }
}
