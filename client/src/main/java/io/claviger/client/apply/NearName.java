package io.claviger.client.apply;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that somebody may have meant. */
final class NearName {
  private static final int LONGEST = 40;

  private NearName() {}

  /** The name that is reached by the fewest changes of letters, if those are few. */
  static Optional<String> of(String given, Collection<String> names) {
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    // Two neighbours that changed places are two changes.
    int most = given.length() < 4 ? 1 : Math.max(2, given.length() / 3);
    return names.stream()
        .filter(name -> changes(given, name) <= most)
        .min(Comparator.<String>comparingInt(name -> changes(given, name)).thenComparing(n -> n));
  }

  /** How many letters have to be inserted, removed or replaced (Levenshtein). */
  private static int changes(String from, String to) {
    int[] above = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[to.length()];
  }
}
