package io.claviger.web.json;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the known name that the author of an unknown name probably meant. */
final class NearestName {
  /** The maximum length of a compared name. No field has a longer name. */
  private static final int LONGEST = 64;

  private NearestName() {}

  /**
   * Returns the known name with the fewest differing characters; empty if no known name is similar.
   * Two names are similar if at most two of their characters differ, or at most a third of their
   * characters. Two names are also similar if one name contains the other.
   */
  static Optional<String> of(String given, Set<String> known) {
    if (given.length() > LONGEST) {
      return Optional.empty();
    }
    String folded = folded(given);
    Map<String, Integer> distances =
        known.stream()
            .collect(Collectors.toMap(name -> name, name -> distance(folded, folded(name))));
    return distances.entrySet().stream()
        .filter(each -> isSimilar(folded, folded(each.getKey()), each.getValue()))
        .min(
            Map.Entry.<String, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
        .map(Map.Entry::getKey);
  }

  private static boolean isSimilar(String given, String name, int distance) {
    boolean contained = given.length() > 3 && (name.contains(given) || given.contains(name));
    return contained || distance <= (given.length() > 3 ? Math.max(2, name.length() / 3) : 1);
  }

  /**
   * Returns a name in lower case, without underscores and hyphens. For example, {@code apiKey},
   * {@code api-key} and {@code api_key} have the same result.
   */
  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /**
   * Returns how many characters have to be inserted, deleted or replaced to turn one name into the
   * other.
   */
  private static int distance(String one, String other) {
    int[] above = new int[other.length() + 1];
    for (int j = 0; j <= other.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= one.length(); i++) {
      int[] row = new int[other.length() + 1];
      row[0] = i;
      for (int j = 1; j <= other.length(); j++) {
        int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[other.length()];
  }
}
