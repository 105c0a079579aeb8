package io.claviger.domain.policy;

import java.util.List;
import java.util.UUID;

/**
 * The limits that administrators set for a user and for the user's groups. They apply to all calls
 * of the user, to any service.
 *
 * @param own the limits of the user
 * @param groups the limits of the user's groups that have any, in the order of the groups' ids; if
 *     there are more than {@link #MOST}, calls are refused
 */
public record UserLimits(Limits own, List<OfGroup> groups) {
  /**
   * How many limits of groups apply to one user. The limits for each member and the limits for all
   * together count separately.
   */
  public static final int MOST = 32;

  public static final UserLimits NONE = new UserLimits(Limits.NONE, List.of());

  /**
   * The limits of a group.
   *
   * @param each what each member may do
   * @param pooled what all members may do together
   */
  public record OfGroup(UUID group, Limits each, Limits pooled) {}

  public UserLimits {
    groups = List.copyOf(groups);
  }
}
