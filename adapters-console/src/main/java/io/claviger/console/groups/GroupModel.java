package io.claviger.console.groups;

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
 */
public record GroupModel(
    GroupLine group,
    @Nullable List<Member> members,
    @Nullable String next,
    Abilities abilities,
    FormState form,
    FormState naming) {

  /** Somebody in the group. */
  public record Member(String handle, String role, String since) {}

  /** What the viewer may do with the group. */
  public record Abilities(boolean describe, boolean keepMembers, boolean leave, boolean delete) {}
}
