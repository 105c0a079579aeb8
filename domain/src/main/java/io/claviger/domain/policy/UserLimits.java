package io.claviger.domain.policy;

import java.util.List;
import java.util.UUID;

/**
 * The limits that administrators set for a user and for the user's groups. These limits apply to
 * all calls of the user, whichever service is called.
 *
 * @param own the limits that are set for the user
 * @param groups a list with the limits of the user's groups, in the order of the groups' ids;
 *     groups without limits are left out. If there are more than {@link #MOST}, calls are refused
 */
public record UserLimits(Limits own, List<OfGroup> groups) {
  /**
   * The greatest number of group limits for one user. A group with limits for each member and
   * limits for all members together counts twice.
   */
  public static final int MOST = 32;

  public static final UserLimits NONE = new UserLimits(Limits.NONE, List.of());

  /**
   * The limits of a group.
   *
   * @param each the limits that apply to each member separately
   * @param pooled a set of limits that applies to all members together
   */
  public record OfGroup(UUID group, Limits each, Limits pooled) {}

  public UserLimits {
    groups = List.copyOf(groups);
  }
}
