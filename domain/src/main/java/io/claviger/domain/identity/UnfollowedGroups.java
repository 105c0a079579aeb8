package io.claviger.domain.identity;

import java.util.ArrayList;
import java.util.List;

/**
 * A user's groups at the identity provider that were not synced.
 *
 * @param tooMany whether all groups were left out because the user is in too many groups
 * @param named the names that people see for the first few of the groups that were left out
 *     individually
 * @param count the number of groups that were left out individually
 */
public record UnfollowedGroups(boolean tooMany, List<String> named, int count) {
  /** The greatest number of groups that are named. */
  public static final int MOST_NAMED = 10;

  /** The maximum length of a name, in characters (code points). Longer names are cut. */
  public static final int LONGEST_NAME = 200;

  /** The value for a user if none of the user's groups were left out. */
  public static final UnfollowedGroups NONE = new UnfollowedGroups(false, List.of(), 0);

  public UnfollowedGroups {
    named = List.copyOf(named);
  }

  /**
   * Returns the groups that are in a claim but were left out.
   *
   * @param leftOut the claim's values that can't become groups of Claviger
   */
  public static UnfollowedGroups of(GroupsClaim claim, List<String> leftOut) {
    return new UnfollowedGroups(
        claim instanceof GroupsClaim.TooMany,
        leftOut.stream().limit(MOST_NAMED).map(UnfollowedGroups::readable).toList(),
        leftOut.size());
  }

  private static String readable(String value) {
    String shown = value.replaceAll("[\\p{Cc}\\p{Cs}]", " ");
    return shown.codePointCount(0, shown.length()) <= LONGEST_NAME
        ? shown
        : shown.substring(0, shown.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
  }

  /**
   * Returns sentences that tell the user which groups were left out; an empty list if no group was
   * left out.
   */
  public List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (tooMany) {
      sentences.add(
          "Your identity provider lists more than %,d groups for you, or leaves them out because"
                  .formatted(GroupsClaim.MOST)
              + " there are too many. You are in none of them here.");
    }
    if (count > 0) {
      sentences.add(
          "These groups were left out, because their names are not allowed here or are already"
              + " taken, or because there are too many groups: "
              + String.join(", ", named)
              + (count > named.size() ? ", and %,d more.".formatted(count - named.size()) : "."));
    }
    return List.copyOf(sentences);
  }
}
