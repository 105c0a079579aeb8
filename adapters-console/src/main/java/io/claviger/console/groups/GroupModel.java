package io.claviger.console.groups;

import io.claviger.console.page.Difference;
import io.claviger.console.page.FormState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The page of a group.
 *
 * @param members one page of them; null if the viewer may not see them
 * @param next the address of the next page of members; null on the last one
 * @param form in which a member is added
 * @param naming in which the display name is changed
 * @param differing what somebody else changed while that form was open
 * @param limits null if the viewer may not see them
 */
public record GroupModel(
    GroupLine group,
    @Nullable List<Member> members,
    @Nullable String next,
    Abilities abilities,
    FormState form,
    FormState naming,
    List<Difference> differing,
    @Nullable GroupLimitPhrases limits) {
  /**
   * The limits that administrators set, a phrase each.
   *
   * @param each those of each member
   * @param together those of all members together
   */
  public record GroupLimitPhrases(List<String> each, List<String> together, boolean mayChange) {
    public GroupLimitPhrases {
      each = List.copyOf(each);
      together = List.copyOf(together);
    }
  }

  /** Somebody in the group. */
  public record Member(String handle, String role, String since) {}

  /** What the viewer may do with the group. */
  public record Abilities(boolean describe, boolean keepMembers, boolean leave, boolean delete) {}
}
