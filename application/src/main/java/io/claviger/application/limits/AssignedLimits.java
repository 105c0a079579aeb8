package io.claviger.application.limits;

import io.claviger.application.accounts.UserAccess;
import io.claviger.application.accounts.port.UserStore;
import io.claviger.application.groups.port.GroupStore;
import io.claviger.application.limits.port.AssignedLimitsStore;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.AuditedChanges;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;

/**
 * The limits of users and groups. They apply to all calls of a user, to any service.
 *
 * <p>Every user and group has them, at first without any limit and with version 1. All methods are
 * refused as {@code forbidden} to a token of scope use, and as {@code not_found} if the user or
 * group does not exist or is hidden. Users see their own limits and those of their groups. Users
 * who are responsible for a service account see the limits of the account. Administrators see all
 * limits, and only they can change them.
 */
public interface AssignedLimits {
  static AssignedLimits of(
      AssignedLimitsStore limits, UserStore users, GroupStore groups, AuditedChanges changes) {
    return new AssignedLimitsUseCases(limits, new UserAccess(users), groups, changes);
  }

  Outcome<StoredLimits> ofUser(Actor actor, Handle user);

  /**
   * Replaces the limits of a user. Refused as {@code forbidden} to all but administrators, and for
   * the built-in user; as {@code precondition_failed} when the stored limits are not as demanded.
   */
  Outcome<StoredLimits> putOfUser(
      Actor actor, Handle user, Precondition precondition, Limits limits);

  /**
   * Finds the limits of a group. Refused as {@code forbidden} to all but members and
   * administrators.
   *
   * @param pooled true for the limits of all members together, false for those of each
   */
  Outcome<StoredLimits> ofGroup(Actor actor, Handle group, boolean pooled);

  /**
   * Replaces the limits of a group, which may be synced. Refused as {@code forbidden} to all but
   * administrators; as {@code precondition_failed} when the stored limits are not as demanded.
   *
   * @param pooled true for the limits of all members together, false for those of each
   */
  Outcome<StoredLimits> putOfGroup(
      Actor actor, Handle group, boolean pooled, Precondition precondition, Limits limits);
}
