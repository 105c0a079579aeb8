package io.claviger.domain.groups;

import java.util.Optional;

/** Decides which actions a user may take on a group. No other code makes this decision. */
public final class GroupPermissions {
  private GroupPermissions() {}

  /**
   * Administrators may do everything. Managers may change the members and the display name. Members
   * may see who is in the group, and may leave it. {@link #isKeptHere} decides whether a group can
   * be changed at all.
   *
   * @param role the user's role in the group; empty if the user has no role in the group
   */
  public static boolean allows(
      boolean administrator, Optional<GroupRole> role, GroupAction action) {
    boolean manager = role.equals(Optional.of(GroupRole.MANAGER));
    return switch (action) {
      case SEE_MEMBERS, SEE_LIMITS -> administrator || role.isPresent();
      case DESCRIBE, KEEP_MEMBERS -> administrator || manager;
      case LEAVE -> role.isPresent();
      case CREATE, SET_LIMITS, DELETE -> administrator;
    };
  }

  /**
   * Whether a member may end their own membership. If administrators have set limits for a group,
   * members can't leave it, because they could escape the limits in this way.
   *
   * @param limited whether administrators have set limits for each member or for all members
   *     together
   */
  public static boolean mayLeave(boolean administrator, Optional<GroupRole> role, boolean limited) {
    return allows(administrator, role, GroupAction.LEAVE) && (administrator || !limited);
  }

  /** Whether the group is changed in Claviger, and not at the identity provider. */
  public static boolean isKeptHere(GroupKind kind) {
    return kind == GroupKind.LOCAL;
  }
}
